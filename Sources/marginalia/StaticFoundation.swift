// GRDB uses Foundation. This module alone is compiled for static linking, and names what the linker takes from the static
// libraries: Foundation too, therefore.
internal import Foundation
