/// What is wrong with a regular expression, and at which of its characters, from 0.
package struct RegexSyntaxError: Error, Hashable {
    package var reason: String
    package var offset: Int
}
