extension FunctionTable {
    mutating func addFunctions() {}
}
