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
        .target(name: "Files", dependencies: ["CEmbeddedFiles"], swiftSettings: settings),
        .target(name: "RegularExpressions", dependencies: ["Files"], swiftSettings: settings),
        .target(name: "XML", dependencies: ["CLibXML2", "Files"], swiftSettings: settings),
        .target(name: "UnicodeNormalization", swiftSettings: settings),
        .target(
            name: "XPath", dependencies: ["XML", "RegularExpressions", "UnicodeNormalization"], swiftSettings: settings
        ),
        .target(name: "RelaxNG", dependencies: ["XML", "RegularExpressions"], swiftSettings: settings),
        .target(name: "Schematron", dependencies: ["XPath"], swiftSettings: settings),
        .target(name: "Validation", dependencies: ["RelaxNG", "Schematron"], swiftSettings: settings),
        .target(
            name: "TEI", dependencies: ["XML", "RegularExpressions", "UnicodeNormalization"],
            exclude: ["Templates", "Languages"], swiftSettings: settings
        ),
        .target(name: "Pages", dependencies: ["TEI"], exclude: ["Resources"], swiftSettings: settings),
        .target(name: "CorpusIndex", dependencies: ["CSQLite", "XML", "TEI"], swiftSettings: settings),
        .target(
            name: "Corpus", dependencies: ["XPath", "Validation", "TEI", "Pages", "CorpusIndex"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "marginalia",
            dependencies: [
                "Corpus",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings + [.unsafeFlags(["-static-stdlib"], oneBinary)],
            linkerSettings: [
                .unsafeFlags(["-static-stdlib", "-use-ld=lld", "-Xlinker", "--no-export-dynamic"], oneBinary)
            ]
        ),
        .executableTarget(
            name: "benchmark", dependencies: ["XML", "XPath", "Validation"], path: "Benchmarks/Benchmark",
            swiftSettings: settings
        ),
        .target(name: "Support", path: "Tests/Support", swiftSettings: settings),
        .executableTarget(
            name: "jing-oracle",
            dependencies: [
                "Support", "XML", "RelaxNG", "Validation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Oracle", swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz", dependencies: ["Support", "XML", "XPath", "Validation"], path: "Tests/Fuzz",
            exclude: ["fuzz.sh", "relaxng.dict"], swiftSettings: settings
        ),
        .executableTarget(
            name: "qt3", dependencies: ["XPath", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/QT3", exclude: ["exclusions.tsv"], swiftSettings: settings
        ),
        .testTarget(
            name: "UnicodeNormalizationTests", dependencies: ["Support", "UnicodeNormalization"],
            swiftSettings: settings
        ),
        .testTarget(name: "RegularExpressionsTests", dependencies: ["Support", "XPath"], swiftSettings: settings),
        .testTarget(name: "XMLTests", dependencies: ["Support", "XML"], exclude: ["Cases"], swiftSettings: settings),
        .testTarget(name: "XPathTests", dependencies: ["Support", "XPath", "qt3"], swiftSettings: settings),
        .testTarget(
            name: "RelaxNGTests", dependencies: ["Support", "Validation"], exclude: ["IncorrectSchemas"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SchematronTests", dependencies: ["Support", "Validation"], exclude: ["TEIRules", "svrl.rnc"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ValidationTests", dependencies: ["Support", "Validation", "fuzz"], exclude: ["Fuzz"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TEITests", dependencies: ["Support", "Pages", "Validation"], exclude: ["Elements.tsv", "Goldens"],
            swiftSettings: settings),
        .testTarget(name: "CorpusIndexTests", dependencies: ["Support", "CorpusIndex"], swiftSettings: settings),
        .testTarget(name: "CorpusTests", dependencies: ["Support", "Corpus"], swiftSettings: settings),
        .testTarget(
            name: "marginaliaTests", dependencies: ["Support"], exclude: ["BadInput", "Reports", "annotations.py"],
            swiftSettings: settings),
    ]
)

// What `make test` repeats in a debug build: the libraries that read memory by hand and what stands on them, without the
// index, the batch runs and the command, whose tests are of the release build.
if Context.environment["MARGINALIA_UNITS"] != nil {
    let others = ["CorpusIndex", "Corpus", "marginalia", "benchmark", "jing-oracle"]
    package.targets.removeAll { target in others.contains { [$0, $0 + "Tests"].contains(target.name) } }
    package.products = []
}
