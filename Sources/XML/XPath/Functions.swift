extension FunctionTable {
    /// All functions, area by area.
    mutating func addFunctions() {
        addNodeFunctions()
        addSequenceFunctions()
        addNumericFunctions()
        addDateFunctions()
        addStringFunctions()
        addPatternFunctions()
        addURIFunctions()
        addXSLTFunctions()
    }
}
