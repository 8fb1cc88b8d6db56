// Diagnostics and their places belong to the interface of this module: if you import XML, you need not import Files.
@_exported public import Files
