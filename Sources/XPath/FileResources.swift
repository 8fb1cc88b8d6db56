public import XML

extension XPath.Resources {
    /// Documents and texts below a folder, and nothing else.
    ///
    ///     let resources = XPath.Resources.files(within: FileAccess(root: "TEI"))
    ///     let people = try XPath("doc('TEI/people.xml')//*:person").evaluate(resources: resources)
    ///     print(people.count)
    public static func files(within access: FileAccess) -> XPath.Resources {
        var resources = XPath.Resources()
        let path = { @Sendable (address: String) in Reference(address).path(relativeTo: "") ?? address }
        resources.document = { address throws(Diagnostics) in
            try Document(access.bytes(of: path(address)), path: path(address))
        }
        resources.text = { address throws(Diagnostics) in try access.bytes(of: path(address)) }
        return resources
    }
}
