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

let package = Package(
    name: "Marginalia",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Marginalia", targets: ["XML", "Validation", "TEI"]),
        .library(name: "MarginaliaIndex", targets: ["CorpusIndex"]),
        .executable(name: "marginalia", targets: ["marginalia"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
        ),
        .target(name: "XML", dependencies: ["CLibXML2"], swiftSettings: settings),
        .target(
            name: "Validation", dependencies: ["XML"], resources: ["marginalia.rng", "marginalia.sch"].map { .embedInCode($0) },
            swiftSettings: settings
        ),
        .target(
            name: "TEI", dependencies: ["XML"],
            resources: ["letter", "memo", "cable", "conversation"].map { .embedInCode("Skeletons/\($0).xml") },
            swiftSettings: settings
        ),
        .target(
            name: "CorpusIndex", dependencies: ["XML", "TEI", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings
        ),
        .executableTarget(
            name: "marginalia",
            dependencies: [
                "XML", "Validation", "TEI", "CorpusIndex",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
            // One binary, which starts faster and runs where Swift is not installed.
            linkerSettings: [.unsafeFlags(
                ["-static-stdlib", "-use-ld=lld"]
                    + ["_FoundationCShims", "_FoundationCollections", "_FoundationICU", "CoreFoundation", "swiftSynchronization", "stdc++"].map { "-l\($0)" },
                .when(platforms: [.linux], configuration: .release)
            )]
        ),
        .executableTarget(
            name: "benchmark", dependencies: ["XML", "Validation"], path: "Benchmarks/Benchmark", swiftSettings: settings
        ),
        .executableTarget(
            name: "jing-oracle",
            dependencies: ["XML", "Validation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/Oracle", swiftSettings: settings
        ),
        .executableTarget(
            name: "fuzz", dependencies: ["XML", "Validation"], path: "Tests/Fuzz", exclude: ["fuzz.sh", "relaxng.dict"], swiftSettings: settings
        ),
        .executableTarget(
            name: "qt3", dependencies: ["XML", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/QT3", exclude: ["exclusions.tsv"], swiftSettings: settings
        ),
        .testTarget(name: "XMLTests", dependencies: ["XML", "qt3"], exclude: ["Cases"], swiftSettings: settings),
        .testTarget(
            name: "ValidationTests", dependencies: ["Validation", "XML", "fuzz"], exclude: ["Fuzz", "IncorrectSchemas", "TEIRules", "svrl.rnc"],
            swiftSettings: settings
        ),
        .testTarget(name: "TEITests", dependencies: ["TEI", "Validation", "XML"], exclude: ["Goldens"], swiftSettings: settings),
        .testTarget(name: "CorpusIndexTests", dependencies: ["CorpusIndex", "TEI", "XML"], swiftSettings: settings),
        .testTarget(name: "marginaliaTests", exclude: ["BadInput", "Reports", "annotations.py"], swiftSettings: settings),
    ]
)
