internal import XML

/// The messages of this module. They lie together, by subject, so that they can be read and improved together: about reading schemas, about what
/// schemas may not be, about datatypes, and about documents.
package enum RelaxNGMessages {}
