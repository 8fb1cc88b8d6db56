// Places in files, and what is found there, are part of this module's interface: who reads documents need not import where they are declared.
@_exported public import Files
