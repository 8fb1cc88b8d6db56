// GRDB uses Foundation. Only this module is compiled for static linking (Package.swift), so only its imports tell the
// linker which static libraries to take: Foundation has to be among them.
internal import Foundation
