/// The language in which a page speaks for itself: its controls, headings and labels.
public enum Interface: String, Sendable, CaseIterable {
    case english = "en", german = "de", french = "fr", spanish = "es"

    /// That of a document, where it is one of these, else English.
    init(of language: String) {
        self = Interface(rawValue: String(language.lowercased().prefix { $0 != "-" && $0 != "_" })) ?? .english
    }

    /// A phrase in this language; `%` in it stands for each argument in turn.
    func callAsFunction(_ phrase: Phrase, _ arguments: String...) -> String {
        let text: String = switch self {
        case .english: phrase.rawValue
        case .german: phrase.translations.0
        case .french: phrase.translations.1
        case .spanish: phrase.translations.2
        }
        guard !arguments.isEmpty else { return text }
        var parts = text.split(separator: "%", omittingEmptySubsequences: false)[...]
        var whole = String(parts.removeFirst())
        for (argument, part) in zip(arguments, parts) { whole += argument + part }
        return whole
    }
}

/// What the controls of a page say, in English.
enum Phrase: String, CaseIterable {
    case tools = "Tools of this page"
    case edition = "All documents"
    case text = "Text"
    case texts = "Texts"
    case ofStages = "At a stage of writing"
    case ofWitnesses = "Of a witness"
    case ofHands = "Of one hand alone"
    case beside = "Beside it"
    case nothingBeside = "Nothing"
    case besideHint = "A second text beside this one; what differs is marked."
    case show = "Show"
    case showHands = "Hands in colour"
    case showEditors = "Editors’ changes"
    case showNames = "Names marked"
    case showNotes = "Marks and notes"
    case showImages = "Images of the pages"
    case handsOfPage = "Hands"
    case handsHint = "Whose marks, notes and changes are shown"
    case contents = "Contents"
    case cite = "Cite"
    case download = "Download"
    case copy = "Copy"
    case copied = "Copied"
    case thisView = "Address of this view"
    case tei = "TEI"
    case names = "Names"
    case people = "People"
    case organisations = "Organisations"
    case places = "Places"
    case events = "Events"
    case otherNames = "Other names"
    case mentions = "Mentioned"
    case inDocuments = "In the documents"
    case where_ = "Where"
    case previous = "Previous"
    case next = "Next"
    case stage = "Stage of writing"
    case close = "Close"
    case images = "Images"
    case imageOfPage = "Image of page %"
    case image = "Image"
    case loadImage = "Fetch the image"
    case zone = "Zone %: to its words"
    case onImage = "to its place on the image"
    case search = "Search"
    case searchFor = "Words to look for"
    case searchHint = "All the words must stand in one paragraph. Capitals and accents make no difference."
    case found = "% found"
    case searchNeedsScript = "The search needs a browser that runs scripts."
}

extension Phrase {
    /// In German, French and Spanish.
    fileprivate var translations: (String, String, String) {
        switch self {
        case .tools: ("Werkzeuge dieser Seite", "Outils de cette page", "Herramientas de esta página")
        case .edition: ("Alle Dokumente", "Tous les documents", "Todos los documentos")
        case .text: ("Text", "Texte", "Texto")
        case .texts: ("Texte", "Textes", "Textos")
        case .ofStages: ("Auf einer Stufe der Niederschrift", "À une étape de l’écriture", "En una fase de la escritura")
        case .ofWitnesses: ("Eines Textzeugen", "D’un témoin", "De un testimonio")
        case .ofHands: ("Einer Hand allein", "D’une seule main", "De una sola mano")
        case .beside: ("Daneben", "En regard", "Al lado")
        case .nothingBeside: ("Nichts", "Rien", "Nada")
        case .besideHint: (
            "Ein zweiter Text neben diesem; Unterschiede sind markiert.", "Un second texte en regard ; les différences sont marquées.",
            "Un segundo texto junto a este; las diferencias están marcadas."
        )
        case .show: ("Anzeigen", "Afficher", "Mostrar")
        case .showHands: ("Hände in Farbe", "Mains en couleur", "Manos en color")
        case .showEditors: ("Eingriffe der Herausgeber", "Interventions des éditeurs", "Intervenciones de los editores")
        case .showNames: ("Namen hervorgehoben", "Noms signalés", "Nombres señalados")
        case .showNotes: ("Zeichen und Anmerkungen", "Marques et notes", "Marcas y notas")
        case .showImages: ("Bilder der Seiten", "Images des pages", "Imágenes de las páginas")
        case .handsOfPage: ("Hände", "Mains", "Manos")
        case .handsHint: (
            "Wessen Zeichen, Anmerkungen und Änderungen gezeigt werden", "De qui sont les marques, notes et changements affichés",
            "De quién se muestran las marcas, notas y cambios"
        )
        case .contents: ("Inhalt", "Sommaire", "Índice")
        case .cite: ("Zitieren", "Citer", "Citar")
        case .download: ("Herunterladen", "Télécharger", "Descargar")
        case .copy: ("Kopieren", "Copier", "Copiar")
        case .copied: ("Kopiert", "Copié", "Copiado")
        case .thisView: ("Adresse dieser Ansicht", "Adresse de cette vue", "Dirección de esta vista")
        case .tei: ("TEI", "TEI", "TEI")
        case .names: ("Namen", "Noms", "Nombres")
        case .people: ("Personen", "Personnes", "Personas")
        case .organisations: ("Organisationen", "Organisations", "Organizaciones")
        case .places: ("Orte", "Lieux", "Lugares")
        case .events: ("Ereignisse", "Événements", "Acontecimientos")
        case .otherNames: ("Andere Namen", "Autres noms", "Otros nombres")
        case .mentions: ("Erwähnt", "Mentions", "Mencionado")
        case .inDocuments: ("In den Dokumenten", "Dans les documents", "En los documentos")
        case .where_: ("Wo", "Où", "Dónde")
        case .previous: ("Vorige", "Précédent", "Anterior")
        case .next: ("Nächste", "Suivant", "Siguiente")
        case .stage: ("Stufe der Niederschrift", "Étape de l’écriture", "Fase de la escritura")
        case .close: ("Schließen", "Fermer", "Cerrar")
        case .images: ("Bilder", "Images", "Imágenes")
        case .imageOfPage: ("Bild der Seite %", "Image de la page %", "Imagen de la página %")
        case .image: ("Bild", "Image", "Imagen")
        case .loadImage: ("Bild holen", "Charger l’image", "Cargar la imagen")
        case .zone: ("Zone %: zu ihren Wörtern", "Zone % : vers ses mots", "Zona %: a sus palabras")
        case .onImage: ("zur Stelle auf dem Bild", "vers l’endroit sur l’image", "al lugar en la imagen")
        case .search: ("Suche", "Recherche", "Búsqueda")
        case .searchFor: ("Gesuchte Wörter", "Mots à chercher", "Palabras que buscar")
        case .searchHint: (
            "Alle Wörter müssen in einem Absatz stehen. Groß- und Kleinschreibung und Akzente machen keinen Unterschied.",
            "Tous les mots doivent se trouver dans un même paragraphe. Majuscules et accents sont indifférents.",
            "Todas las palabras deben estar en un mismo párrafo. Las mayúsculas y los acentos no cuentan."
        )
        case .found: ("% gefunden", "% résultats", "% resultados")
        case .searchNeedsScript: (
            "Die Suche braucht einen Browser, der Skripte ausführt.", "La recherche demande un navigateur qui exécute les scripts.",
            "La búsqueda necesita un navegador que ejecute scripts."
        )
        }
    }
}
