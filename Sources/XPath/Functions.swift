extension FunctionTable {
    /// All functions, area by area.
    mutating func addFunctions() {
        addNodeFunctions()
        addSequenceFunctions()
        addArrayFunctions()
        addNumericFunctions()
        addDateFunctions()
        addStringFunctions()
        addPatternFunctions()
        addURIFunctions()
        addXSLTFunctions()
    }
}
