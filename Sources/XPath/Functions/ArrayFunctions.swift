/// Functions on arrays (XPath functions 3.1, 17.3).
extension FunctionTable {
    mutating func addArrayFunctions() {
        add("array:size", ["array(*)"], "xs:integer", since: 31) { _, _, arguments in
            ItemSequence(arguments[0].array.members.count)
        }
        add("array:get", ["array(*)", "xs:integer"], "item()*", since: 31) { _, _, arguments throws(XPathError) in
            try arguments[0].array.member(at: arguments[1].integer ?? 0)
        }
        add("array:put", ["array(*)", "xs:integer", "item()*"], "array(*)", since: 31, ArrayFunctions.put)
        add("array:append", ["array(*)", "item()*"], "array(*)", since: 31) {
            context, _, arguments throws(XPathError) in
            ItemSequence(try ArrayItem(arguments[0].array.members + [arguments[1]], &context.allowance))
        }
        add(
            "array:subarray", 2...3, ["array(*)", "xs:integer", "xs:integer"], "array(*)", since: 31,
            ArrayFunctions.subarray)
        add("array:remove", ["array(*)", "xs:integer*"], "array(*)", since: 31, ArrayFunctions.remove)
        add(
            "array:insert-before", ["array(*)", "xs:integer", "item()*"], "array(*)", since: 31,
            ArrayFunctions.insertBefore)
        add("array:head", ["array(*)"], "item()*", since: 31) { _, _, arguments throws(XPathError) in
            try arguments[0].array.member(at: 1)
        }
        add("array:tail", ["array(*)"], "array(*)", since: 31) { context, _, arguments throws(XPathError) in
            _ = try arguments[0].array.index(of: 1)
            return ItemSequence(try ArrayItem(Array(arguments[0].array.members.dropFirst()), &context.allowance))
        }
        add("array:reverse", ["array(*)"], "array(*)", since: 31) { context, _, arguments throws(XPathError) in
            ItemSequence(try ArrayItem(arguments[0].array.members.reversed(), &context.allowance))
        }
        add("array:join", ["array(*)*"], "array(*)", since: 31, ArrayFunctions.join)
        add("array:flatten", ["item()*"], "item()*", since: 31) { _, _, arguments throws(XPathError) in
            try arguments[0].flattened()
        }
        add(
            "array:for-each", ["array(*)", "function(item()*) as item()*"], "array(*)", since: 31,
            ArrayFunctions.forEach)
        add(
            "array:filter", ["array(*)", "function(item()*) as xs:boolean"], "array(*)", since: 31,
            ArrayFunctions.filter)
        add(
            "array:fold-left", ["array(*)", "item()*", "function(item()*, item()*) as item()*"], "item()*", since: 31,
            ArrayFunctions.foldLeft
        )
        add(
            "array:fold-right", ["array(*)", "item()*", "function(item()*, item()*) as item()*"], "item()*", since: 31,
            ArrayFunctions.foldRight
        )
        add(
            "array:for-each-pair", ["array(*)", "array(*)", "function(item()*, item()*) as item()*"], "array(*)",
            since: 31,
            ArrayFunctions.forEachPair
        )
        add(
            "array:sort", 1...3, ["array(*)", "xs:string?", "function(item()*) as xs:anyAtomicType*"], "array(*)",
            since: 31,
            ArrayFunctions.sort
        )
    }
}

private enum ArrayFunctions {
    // MARK: Parts

    static let put: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var members = arguments[0].array.members
        members[try arguments[0].array.index(of: arguments[1].integer ?? 0)] = arguments[2]
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    static let subarray: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let members = arguments[0].array.members
        let start = try arguments[0].array.index(of: arguments[1].integer ?? 0, through: members.count + 1)
        let length = arguments.count > 2 ? arguments[2].integer ?? 0 : Int128(members.count - start)
        if length < 0 { throw .negativeLength(length) }
        guard length <= members.count - start else { throw .noSuchPosition(Int128(members.count) + 1, members.count) }
        return ItemSequence(try ArrayItem(Array(members[start..<start + Int(length)]), &context.allowance))
    }

    static let remove: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let array = arguments[0].array
        var isRemoved = Array(repeating: false, count: array.members.count)
        for item in arguments[1] { isRemoved[try array.index(of: ItemSequence(item).integer ?? 0)] = true }
        let kept = array.members.indices.filter { !isRemoved[$0] }.map { array.members[$0] }
        return ItemSequence(try ArrayItem(kept, &context.allowance))
    }

    static let insertBefore: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var members = arguments[0].array.members
        members.insert(
            arguments[2], at: try arguments[0].array.index(of: arguments[1].integer ?? 0, through: members.count + 1))
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    static let join: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var members: [ItemSequence] = []
        for item in arguments[0] {
            members += item.array?.members ?? []
            if members.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        }
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    // MARK: Functions of members

    static let forEach: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[1].function else { return .empty }
        let members = try arguments[0].array.members.map { member throws(XPathError) in
            try function.call(&context, [member])
        }
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    static let filter: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[1].function else { return .empty }
        var members: [ItemSequence] = []
        for member in arguments[0].array.members where try function.call(&context, [member]).boolean {
            members.append(member)
        }
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    static let foldLeft: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        return try context.fold(arguments[0].array.members, arguments[1]) {
            context, result, member throws(XPathError) in
            try function.call(&context, [result, member])
        }
    }

    static let foldRight: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        return try context.fold(arguments[0].array.members.reversed(), arguments[1]) {
            context, result, member throws(XPathError) in
            try function.call(&context, [member, result])
        }
    }

    static let forEachPair: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let function = arguments[2].function else { return .empty }
        var members: [ItemSequence] = []
        for (first, second) in zip(arguments[0].array.members, arguments[1].array.members) {
            members.append(try function.call(&context, [first, second]))
        }
        return ItemSequence(try ArrayItem(members, &context.allowance))
    }

    static let sort: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(
            try ArrayItem(
                SequenceFunctions.sorted(arguments[0].array.members, &context, site, arguments), &context.allowance))
    }
}

extension ItemSequence {
    /// The array of an argument of type `array(*)`.
    fileprivate var array: ArrayItem { optional!.array! }
}
