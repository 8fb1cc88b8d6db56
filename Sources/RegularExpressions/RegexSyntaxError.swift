/// An error in a regular expression, with the number of its character, from 0.
package struct RegexSyntaxError: Error, Hashable {
    package var reason: String
    package var offset: Int
}
