// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

// On Linux the program is one binary, which starts faster and runs where Swift is not installed. A library product
// needs none of these flags.
let oneBinary = BuildSettingCondition.when(platforms: [.linux], configuration: .release)

// A target lists every module that it imports, and `Files`, which `XML` exports: what is not listed and has changed may
// not be compiled against.
let package = Package(
    name: "Marginalia",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Marginalia", targets: ["XML", "XPath", "Validation", "TEI", "Pages", "Corpus"]),
        .library(name: "MarginaliaIndex", targets: ["CorpusIndex"]),
        .executable(name: "marginalia", targets: ["marginalia"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
        ),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        .target(name: "CEmbeddedFiles"),
        .target(name: "CTOML"),
        .target(name: "CHTTPServer"),
        .target(name: "Files", dependencies: ["CEmbeddedFiles"], swiftSettings: settings),
        .target(name: "RegularExpressions", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "XML", dependencies: ["CLibXML2", "Files"], swiftSettings: settings),
        .target(name: "UnicodeNormalization", swiftSettings: settings),
        .target(
            name: "XPath", dependencies: ["Files", "XML", "RegularExpressions", "UnicodeNormalization", "CLibXML2"],
            swiftSettings: settings
        ),
        .target(name: "RelaxNG", dependencies: ["Files", "XML", "RegularExpressions"], swiftSettings: settings),
        .target(name: "Schematron", dependencies: ["Files", "XML", "XPath"], swiftSettings: settings),
        .target(
            name: "Validation", dependencies: ["Files", "XML", "XPath", "RelaxNG", "Schematron"],
            swiftSettings: settings),
        .target(
            name: "TEI", dependencies: ["Files", "XML", "RegularExpressions", "UnicodeNormalization"],
            exclude: ["Templates", "Languages"], swiftSettings: settings
        ),
        .target(name: "Pages", dependencies: ["Files", "XML", "TEI"], exclude: ["Resources"], swiftSettings: settings),
        .target(
            name: "CorpusIndex", dependencies: ["CSQLite", "Files", "XML", "UnicodeNormalization", "TEI"],
            swiftSettings: settings),
        .target(
            name: "Corpus",
            dependencies: ["CTOML", "Files", "XML", "XPath", "RelaxNG", "Validation", "TEI", "Pages", "CorpusIndex"],
            swiftSettings: settings
        ),
        .target(
            name: "Preview",
            dependencies: ["CHTTPServer", "Files", "XML", "XPath", "TEI", "Pages", "Corpus"], exclude: ["Resources"],
            swiftSettings: settings
        ),
        .target(
            name: "LanguageServer",
            dependencies: ["Files", "XML", "RelaxNG", "Validation", "TEI", "Corpus", "Preview"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "marginalia",
            dependencies: [
                "Files", "XML", "XPath", "RelaxNG", "Validation", "TEI", "Pages", "CorpusIndex", "Corpus",
                "LanguageServer", "Preview",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings + [.unsafeFlags(["-static-stdlib"], oneBinary)],
            linkerSettings: [
                .unsafeFlags(["-static-stdlib", "-use-ld=lld", "-Xlinker", "--no-export-dynamic"], oneBinary)
            ]
        ),
        .executableTarget(
            name: "benchmark", dependencies: ["Files", "XML", "Validation"], path: "Benchmarks/Benchmark",
            swiftSettings: settings
        ),
        .target(name: "Support", path: "Tests/Support", swiftSettings: settings),
        .executableTarget(
            name: "jing-oracle",
            dependencies: [
                "Support", "Files", "XML", "Validation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Oracle", swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz", dependencies: ["Support", "Files", "XML", "XPath", "RelaxNG", "Validation"],
            path: "Tests/Fuzz",
            exclude: ["fuzz.sh", "relaxng.dict"], swiftSettings: settings
        ),
        .executableTarget(
            name: "qt3",
            dependencies: [
                "Files", "XML", "XPath", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/QT3", exclude: ["exclusions.tsv"], swiftSettings: settings
        ),
        .testTarget(
            name: "UnicodeNormalizationTests", dependencies: ["Support", "UnicodeNormalization"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RegularExpressionsTests", dependencies: ["Support", "Files", "RegularExpressions", "XML", "XPath"],
            swiftSettings: settings),
        .testTarget(
            name: "XMLTests", dependencies: ["Support", "Files", "XML"], exclude: ["Cases"], swiftSettings: settings),
        .testTarget(
            name: "XPathTests", dependencies: ["Support", "Files", "XML", "XPath", "UnicodeNormalization", "qt3"],
            swiftSettings: settings),
        .testTarget(
            name: "RelaxNGTests", dependencies: ["Support", "Files", "XML", "RelaxNG", "Validation"],
            exclude: ["IncorrectSchemas"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SchematronTests", dependencies: ["Support", "Files", "XML", "XPath", "Schematron", "Validation"],
            exclude: ["TEIRules", "svrl.rnc"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ValidationTests", dependencies: ["Support", "Files", "XML", "Validation", "fuzz"], exclude: ["Fuzz"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TEITests",
            dependencies: ["Support", "Files", "XML", "XPath", "Validation", "UnicodeNormalization", "TEI", "Pages"],
            exclude: ["Elements.tsv", "Goldens"],
            swiftSettings: settings),
        .testTarget(
            name: "CorpusIndexTests", dependencies: ["Support", "Files", "XML", "TEI", "CorpusIndex"],
            swiftSettings: settings),
        .testTarget(
            name: "CorpusTests", dependencies: ["Support", "Files", "XML", "Validation", "TEI", "Corpus"],
            swiftSettings: settings),
        .testTarget(
            name: "LanguageServerTests",
            dependencies: [
                "Support", "Files", "XML", "RelaxNG", "Validation", "TEI", "Corpus", "Preview", "LanguageServer",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "marginaliaTests", dependencies: ["Support"], exclude: ["BadInput", "Reports", "annotations.py"],
            swiftSettings: settings),
    ],
    cxxLanguageStandard: .cxx17
)

// What `make test` repeats in a debug build: the libraries that read memory by hand, and those between them. A debug build
// checks the bounds of such reading; of all else it checks what the release build checks too.
if Context.environment["MARGINALIA_UNITS"] != nil {
    let others = [
        "CTOML", "CHTTPServer", "TEI", "Pages", "CorpusIndex", "Corpus", "Preview", "LanguageServer", "marginalia",
        "benchmark", "jing-oracle",
    ]
    package.targets.removeAll { target in others.contains { [$0, $0 + "Tests"].contains(target.name) } }
    package.products = []
}
