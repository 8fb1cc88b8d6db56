internal import XML

/// The messages of this module, in one file for each subject, so that you can read and improve them together: reading
/// schemas (`SchemaMessages`), what schemas may not be (`RestrictionMessages`), datatypes (`DatatypeMessages`) and
/// documents (`DocumentMessages`).
package enum RelaxNGMessages {}
