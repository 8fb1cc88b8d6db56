/// The language in which a page speaks for itself: its controls, headings and labels.
public enum Interface: String, Sendable, CaseIterable {
    case english = "en", german = "de", french = "fr", spanish = "es"

    /// That of a language tag, where it is one of these.
    package init?(_ language: String) {
        self.init(rawValue: String(language.lowercased().prefix { $0 != "-" && $0 != "_" }))
    }

    /// A phrase in this language; `%` in it stands for each argument in turn.
    package func callAsFunction(_ phrase: Phrase, _ arguments: String...) -> String {
        let text: String =
            switch self {
            case .english: phrase.rawValue
            case .german: phrase.translations.0
            case .french: phrase.translations.1
            case .spanish: phrase.translations.2
            }
        guard !arguments.isEmpty else { return text }
        var parts = text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)[...]
        var whole = String(Substring(parts.removeFirst()))
        for (argument, part) in zip(arguments, parts) { whole += argument + Substring(part) }
        return whole
    }
}

/// What the controls, headings and labels of a page say, in English.
package enum Phrase: String, CaseIterable {
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
    case imageOfPage = "Image of page %"
    case image = "Image"
    case loadImage = "Fetch the image"
    case zone = "Zone %: to its words"
    case onImage = "to its place on the image"
    case statistics = "Statistics"
    case search = "Search"
    case searchFor = "Words to look for"
    case searchHint =
        "All the words must stand in one paragraph; “in quotation marks” one behind the other. With * a word is a beginning. Capitals and accents make no difference."
    case found = "% found"
    case searchNeedsScript = "The search needs a browser that runs scripts."
    case skip = "Skip to the text"
    case hands = "Hands"
    case stages = "Stages of writing"
    case witnesses = "Witnesses"
    case apparatus = "Apparatus"
    case gaps = "Gaps"
    case leftOut = "Left out of this text"
    case none = "None."
    case nothing = "Nothing."
    case documents = "Documents"
    case readers = "Who wrote on the documents"
    case entries = "Entries: %"
    case placeInText = "%, to its place in the text"
    case inMargin = "Margin %: %"
    case page = "page %"
    case pageBreak = "page break"
    case source = "Made by Marginalia from %."
    case author = "Author"
    case date = "Date"
    case holding = "Holding"
    case languages = "Languages"
    case licence = "Licence"
    case sent = "From"
    case received = "To"
    case typed = "Text before any change"
    case revised = "Revised text"
    case reading = "Reading text"
    case diplomatic = "Diplomatic text"
    case mainHandText = "The main hand"
    case handText = "The hand of %"
    case stageText = "Text at the stage “%”"
    case witnessText = "Text of %"
    case aboutTyped =
        "The text of the main hand before anybody changed it: what was deleted later still stands, nothing is added."
    case aboutRevised =
        "The text as its writers left it: their additions are in it, their deletions are not, and the editors change nothing."
    case aboutReading =
        "The text as its writers left it, with the editors’ corrections, regular spellings, expansions and supplied words."
    case aboutDiplomatic =
        "All that is written, as it is written: deletions, additions and every reading are shown and marked, lines end as on the page."
    case aboutHand =
        "What this one hand wrote, whether or not it was struck out. An ellipsis stands where others wrote between."
    case aboutStage = "The text as it stood after this stage of writing."
    case aboutWitness = "The revised text with the readings of this witness."
    case gapNotInSource = "not in the source of this edition"
    case gapEditorial = "omitted by the editor"
    case gapWithheld = "withheld when the document was released"
    case gapRedacted = "redacted"
    case gapIllegible = "illegible"
    case gapDamage = "lost to damage"
    case gapOther = "omitted for another reason"
    case checkMark = "check mark"
    case stamp = "stamp"
    case questionMark = "question mark"
    case underlined = "underlined"
    case remark = "remark"
    case mark = "mark"
    case noteOn = "note on a %"
    case handOf = "hand of %"
    case besidePassage = "beside “%”"
    case uncertain = "uncertain"
    case probable = "probable"
    case certainty = "certainty %"
    case editorsNote = "Editors’ note"
    case note = "Note"
    case noteOfType = "Note (%)"
    case notInSource = "not in the source"
    case withheld = "withheld"
    case omittedBecause = "omitted: %"
    case omitted = "omitted"
    case onWhole = "on the whole %"
    case document = "document"
    case division = "division"
    case addition = "addition"
    case deletion = "deletion"
    case restored = "restored"
    case retraced = "written over again"
    case asWritten = "as written"
    case correction = "the editors’ correction"
    case originalSpelling = "original spelling"
    case regularSpelling = "the editors’ spelling"
    case abbreviation = "abbreviation"
    case expansion = "the editors’ expansion"
    case supplied = "supplied by the editors"
    case superfluous = "superfluous"
    case unclear = "unclear"
    case damaged = "damaged"
    case otherReading = "other reading"
    case lacuna = "lacuna"
    case otherPossibility = "other possibility"
    case altered = "altered"
    case readingOf = "reading of %"
    case lacunaIn = "lacuna in %"
    case noWitness = "no named witness"
    case deleted = "deleted: "
    case deletedBy = "deleted by %: "
    case added = "added: "
    case addedBy = "added by %: "
    case endOfDeletion = " (end of deletion)"
    case endOfAddition = " (end of addition)"
    case nowHandOf = "now the hand of %: "
    case inHandOf = "in the hand of %: "
    case witnessDetail = "note on a witness"
    case runningHead = "running head or foot"
    case indexEntry = "index entry"
    case variant = "variant"
    case or = "or"
    case undone = "undone"
    case redone = "redone"
    case beginsHere = "% begins here"
    case endsHere = "% ends here"
    case endOfLacuna = "end of the lacuna in %"
    case witnessBegins = "begins here"
    case witnessEnds = "ends here"
    case lacunaBegins = "lacuna begins"
    case lacunaEnds = "lacuna ends"
    case heading = "heading"
    case line = "l. %"
    case fromTo = "% to %"
    case fromDate = "from %"
    case toDate = "to %"
    case writtenBy = "in the hand of %"
    case ofLaterStage = "of a later stage, “%”"
    case inMainHand = "in the main hand"
    case mainHand = "main hand"
    case figure = "figure"
    case picture = "image"
    case see = "see"
}

extension Phrase {
    /// In German, French and Spanish.
    fileprivate var translations: (String, String, String) {
        switch self {
        case .tools: ("Werkzeuge dieser Seite", "Outils de cette page", "Herramientas de esta página")
        case .edition: ("Alle Dokumente", "Tous les documents", "Todos los documentos")
        case .text: ("Text", "Texte", "Texto")
        case .texts: ("Texte", "Textes", "Textos")
        case .ofStages:
            ("Auf einer Stufe der Niederschrift", "À une étape de l’écriture", "En una fase de la escritura")
        case .ofWitnesses: ("Eines Textzeugen", "D’un témoin", "De un testimonio")
        case .ofHands: ("Einer Hand allein", "D’une seule main", "De una sola mano")
        case .beside: ("Daneben", "En regard", "Al lado")
        case .nothingBeside: ("Nichts", "Rien", "Nada")
        case .besideHint:
            (
                "Ein zweiter Text neben diesem; Unterschiede sind markiert.",
                "Un second texte en regard ; les différences sont marquées.",
                "Un segundo texto junto a este; las diferencias están marcadas."
            )
        case .show: ("Anzeigen", "Afficher", "Mostrar")
        case .showHands: ("Hände in Farbe", "Mains en couleur", "Manos en color")
        case .showEditors: ("Eingriffe der Herausgeber", "Interventions des éditeurs", "Intervenciones de los editores")
        case .showNames: ("Namen hervorgehoben", "Noms signalés", "Nombres señalados")
        case .showNotes: ("Zeichen und Anmerkungen", "Marques et notes", "Marcas y notas")
        case .showImages: ("Bilder der Seiten", "Images des pages", "Imágenes de las páginas")
        case .handsHint:
            (
                "Wessen Zeichen, Anmerkungen und Änderungen gezeigt werden",
                "De qui sont les marques, notes et changements affichés",
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
        case .imageOfPage: ("Bild der Seite %", "Image de la page %", "Imagen de la página %")
        case .image: ("Bild", "Image", "Imagen")
        case .loadImage: ("Bild holen", "Charger l’image", "Cargar la imagen")
        case .zone: ("Zone %: zu ihren Wörtern", "Zone % : vers ses mots", "Zona %: a sus palabras")
        case .onImage: ("zur Stelle auf dem Bild", "vers l’endroit sur l’image", "al lugar en la imagen")
        case .statistics: ("Statistik", "Statistiques", "Estadísticas")
        case .search: ("Suche", "Recherche", "Búsqueda")
        case .searchFor: ("Gesuchte Wörter", "Mots à chercher", "Palabras que buscar")
        case .searchHint:
            (
                "Alle Wörter müssen in einem Absatz stehen, „in Anführungszeichen“ hintereinander. Mit * ist ein Wort ein Anfang. Groß- und Kleinschreibung und Akzente machen keinen Unterschied.",
                "Tous les mots doivent se trouver dans un même paragraphe, « entre guillemets » l’un après l’autre. Avec * un mot est un début. Majuscules et accents sont indifférents.",
                "Todas las palabras deben estar en un mismo párrafo; «entre comillas», una detrás de otra. Con * una palabra es un comienzo. Las mayúsculas y los acentos no cuentan."
            )
        case .found: ("% gefunden", "% résultats", "% resultados")
        case .searchNeedsScript:
            (
                "Die Suche braucht einen Browser, der Skripte ausführt.",
                "La recherche demande un navigateur qui exécute les scripts.",
                "La búsqueda necesita un navegador que ejecute scripts."
            )
        case .skip: ("Zum Text", "Aller au texte", "Ir al texto")
        case .hands: ("Hände", "Mains", "Manos")
        case .stages: ("Stufen der Niederschrift", "Étapes de l’écriture", "Fases de la escritura")
        case .witnesses: ("Textzeugen", "Témoins", "Testimonios")
        case .apparatus: ("Apparat", "Apparat critique", "Aparato crítico")
        case .gaps: ("Lücken", "Lacunes", "Lagunas")
        case .leftOut: ("Was dieser Text auslässt", "Ce que ce texte omet", "Lo que este texto omite")
        case .none: ("Keine.", "Aucune.", "Ninguna.")
        case .nothing: ("Nichts.", "Rien.", "Nada.")
        case .documents: ("Dokumente", "Documents", "Documentos")
        case .readers:
            ("Wer auf die Dokumente schrieb", "Qui a écrit sur les documents", "Quién escribió en los documentos")
        case .entries: ("Einträge: %", "Entrées : %", "Entradas: %")
        case .placeInText:
            ("%, zu seiner Stelle im Text", "%, vers sa place dans le texte", "%, a su lugar en el texto")
        case .inMargin: ("Rand %: %", "Marge % : %", "Margen %: %")
        case .page: ("Seite %", "page %", "página %")
        case .pageBreak: ("Seitenwechsel", "saut de page", "salto de página")
        case .source:
            (
                "Von Marginalia aus % gemacht.", "Fait par Marginalia à partir de %.",
                "Hecho por Marginalia a partir de %."
            )
        case .author: ("Verfasser", "Auteur", "Autor")
        case .date: ("Datum", "Date", "Fecha")
        case .holding: ("Aufbewahrung", "Conservation", "Conservación")
        case .languages: ("Sprachen", "Langues", "Lenguas")
        case .licence: ("Lizenz", "Licence", "Licencia")
        case .sent: ("Von", "De", "De")
        case .received: ("An", "À", "A")
        case .typed: ("Text vor jeder Änderung", "Texte avant tout changement", "Texto anterior a todo cambio")
        case .revised: ("Überarbeiteter Text", "Texte révisé", "Texto revisado")
        case .reading: ("Lesetext", "Texte de lecture", "Texto de lectura")
        case .diplomatic: ("Diplomatischer Text", "Texte diplomatique", "Texto diplomático")
        case .mainHandText: ("Die Haupthand", "La main principale", "La mano principal")
        case .handText: ("Die Hand von %", "La main de %", "La mano de %")
        case .stageText: ("Text auf der Stufe „%“", "Texte à l’étape « % »", "Texto en la fase «%»")
        case .witnessText: ("Text von %", "Texte de %", "Texto de %")
        case .aboutTyped:
            (
                "Der Text der Haupthand, bevor ihn jemand änderte: was später getilgt wurde, steht noch, hinzugefügt ist nichts.",
                "Le texte de la main principale avant tout changement : ce qui fut biffé plus tard y est encore, rien n’est ajouté.",
                "El texto de la mano principal antes de todo cambio: lo tachado después sigue en él, nada se ha añadido."
            )
        case .aboutRevised:
            (
                "Der Text, wie ihn die Schreiber hinterließen: mit ihren Zusätzen, ohne das Getilgte, von den Herausgebern unverändert.",
                "Le texte tel que ses scripteurs l’ont laissé : avec leurs ajouts, sans ce qu’ils ont biffé, et sans changement des éditeurs.",
                "El texto como lo dejaron quienes lo escribieron: con sus añadidos, sin lo tachado y sin cambios de los editores."
            )
        case .aboutReading:
            (
                "Der Text, wie ihn die Schreiber hinterließen, mit Korrekturen, geregelter Schreibung, Auflösungen und Ergänzungen der Herausgeber.",
                "Le texte tel que ses scripteurs l’ont laissé, avec les corrections, graphies régularisées, développements et restitutions des éditeurs.",
                "El texto como lo dejaron quienes lo escribieron, con correcciones, grafías regularizadas, desarrollos y adiciones de los editores."
            )
        case .aboutDiplomatic:
            (
                "Alles Geschriebene, wie es geschrieben ist: Tilgungen, Zusätze und alle Lesarten sind gezeigt und bezeichnet, Zeilen enden wie auf der Seite.",
                "Tout ce qui est écrit, comme il est écrit : suppressions, ajouts et toutes les leçons sont montrés et signalés, les lignes finissent comme sur la page.",
                "Todo lo escrito, como está escrito: tachaduras, añadidos y todas las lecturas se muestran y señalan, y las líneas acaban como en la página."
            )
        case .aboutHand:
            (
                "Was diese eine Hand schrieb, ob gestrichen oder nicht. Auslassungspunkte stehen, wo andere dazwischen schrieben.",
                "Ce que cette seule main a écrit, biffé ou non. Des points de suspension marquent où d’autres ont écrit entre-temps.",
                "Lo que escribió esta sola mano, tachado o no. Los puntos suspensivos indican dónde escribieron otros."
            )
        case .aboutStage:
            (
                "Der Text, wie er nach dieser Stufe der Niederschrift stand.",
                "Le texte tel qu’il était après cette étape de l’écriture.",
                "El texto como quedó después de esta fase de la escritura."
            )
        case .aboutWitness:
            (
                "Der überarbeitete Text mit den Lesarten dieses Textzeugen.",
                "Le texte révisé avec les leçons de ce témoin.",
                "El texto revisado con las lecturas de este testimonio."
            )
        case .gapNotInSource:
            (
                "nicht in der Quelle dieser Ausgabe", "absent de la source de cette édition",
                "no está en la fuente de esta edición"
            )
        case .gapEditorial: ("vom Herausgeber ausgelassen", "omis par l’éditeur", "omitido por el editor")
        case .gapWithheld:
            (
                "bei der Freigabe zurückgehalten", "retenu lors de la communication",
                "retenido al publicarse el documento"
            )
        case .gapRedacted: ("geschwärzt", "caviardé", "censurado")
        case .gapIllegible: ("unleserlich", "illisible", "ilegible")
        case .gapDamage: ("durch Beschädigung verloren", "perdu par dommage", "perdido por deterioro")
        case .gapOther: ("aus anderem Grund ausgelassen", "omis pour une autre raison", "omitido por otra razón")
        case .checkMark: ("Häkchen", "coche", "marca de verificación")
        case .stamp: ("Stempel", "tampon", "sello")
        case .questionMark: ("Fragezeichen", "point d’interrogation", "signo de interrogación")
        case .underlined: ("unterstrichen", "souligné", "subrayado")
        case .remark: ("Bemerkung", "remarque", "observación")
        case .mark: ("Zeichen", "marque", "marca")
        case .noteOn: ("Anmerkung zu: %", "note sur : %", "nota sobre: %")
        case .handOf: ("Hand von %", "main de %", "mano de %")
        case .besidePassage: ("neben „%“", "en regard de « % »", "junto a «%»")
        case .uncertain: ("unsicher", "incertain", "incierto")
        case .probable: ("wahrscheinlich", "probable", "probable")
        case .certainty: ("Sicherheit %", "certitude %", "certeza %")
        case .editorsNote: ("Anmerkung der Herausgeber", "Note des éditeurs", "Nota de los editores")
        case .note: ("Anmerkung", "Note", "Nota")
        case .noteOfType: ("Anmerkung (%)", "Note (%)", "Nota (%)")
        case .notInSource: ("nicht in der Quelle", "absent de la source", "no está en la fuente")
        case .withheld: ("zurückgehalten", "retenu", "retenido")
        case .omittedBecause: ("ausgelassen: %", "omis : %", "omitido: %")
        case .omitted: ("ausgelassen", "omis", "omitido")
        case .onWhole: ("zum Ganzen (%)", "sur l’ensemble (%)", "sobre el conjunto (%)")
        case .document: ("Dokument", "document", "documento")
        case .division: ("Abschnitt", "division", "división")
        case .addition: ("Zusatz", "ajout", "añadido")
        case .deletion: ("Tilgung", "suppression", "tachadura")
        case .restored: ("wiederhergestellt", "rétabli", "restablecido")
        case .retraced: ("nachgezogen", "repassé", "repasado")
        case .asWritten: ("wie geschrieben", "tel quel", "tal cual")
        case .correction: ("Korrektur der Herausgeber", "correction des éditeurs", "corrección de los editores")
        case .originalSpelling: ("originale Schreibung", "graphie originale", "grafía original")
        case .regularSpelling: ("Schreibung der Herausgeber", "graphie des éditeurs", "grafía de los editores")
        case .abbreviation: ("Abkürzung", "abréviation", "abreviatura")
        case .expansion: ("Auflösung der Herausgeber", "développement des éditeurs", "desarrollo de los editores")
        case .supplied: ("von den Herausgebern ergänzt", "restitué par les éditeurs", "suplido por los editores")
        case .superfluous: ("überflüssig", "superflu", "superfluo")
        case .unclear: ("undeutlich", "peu lisible", "poco claro")
        case .damaged: ("beschädigt", "endommagé", "dañado")
        case .otherReading: ("andere Lesart", "autre leçon", "otra lectura")
        case .lacuna: ("Lücke im Zeugen", "lacune", "laguna")
        case .otherPossibility: ("andere Möglichkeit", "autre possibilité", "otra posibilidad")
        case .altered: ("geändert", "modifié", "modificado")
        case .readingOf: ("Lesart von %", "leçon de %", "lectura de %")
        case .lacunaIn: ("Lücke in %", "lacune dans %", "laguna en %")
        case .noWitness: ("keinem genannten Zeugen", "aucun témoin nommé", "ningún testimonio nombrado")
        case .deleted: ("getilgt: ", "supprimé : ", "tachado: ")
        case .deletedBy: ("getilgt von %: ", "supprimé par % : ", "tachado por %: ")
        case .added: ("hinzugefügt: ", "ajouté : ", "añadido: ")
        case .addedBy: ("hinzugefügt von %: ", "ajouté par % : ", "añadido por %: ")
        case .endOfDeletion: (" (Ende der Tilgung)", " (fin de la suppression)", " (fin de la tachadura)")
        case .endOfAddition: (" (Ende des Zusatzes)", " (fin de l’ajout)", " (fin del añadido)")
        case .nowHandOf: ("jetzt die Hand von %: ", "désormais la main de % : ", "ahora la mano de %: ")
        case .inHandOf: ("in der Hand von %: ", "de la main de % : ", "de la mano de %: ")
        case .witnessDetail: ("Anmerkung zu einem Zeugen", "note sur un témoin", "nota sobre un testimonio")
        case .runningHead: ("Kopf- oder Fußzeile", "titre courant ou pied de page", "encabezado o pie")
        case .indexEntry: ("Registereintrag", "entrée d’index", "entrada de índice")
        case .variant: ("Variante", "variante", "variante")
        case .or: ("oder", "ou", "o")
        case .undone: ("rückgängig gemacht", "annulé", "anulado")
        case .redone: ("erneuert", "refait", "rehecho")
        case .beginsHere: ("% beginnt hier", "% commence ici", "% empieza aquí")
        case .endsHere: ("% endet hier", "% finit ici", "% termina aquí")
        case .endOfLacuna: ("Ende der Lücke in %", "fin de la lacune dans %", "fin de la laguna en %")
        case .witnessBegins: ("beginnt hier", "commence ici", "empieza aquí")
        case .witnessEnds: ("endet hier", "finit ici", "termina aquí")
        case .lacunaBegins: ("Lücke beginnt", "la lacune commence", "empieza la laguna")
        case .lacunaEnds: ("Lücke endet", "la lacune finit", "termina la laguna")
        case .heading: ("Überschrift", "titre", "título")
        case .line: ("Z. %", "l. %", "l. %")
        case .fromTo: ("% bis %", "% à %", "% a %")
        case .fromDate: ("ab %", "à partir de %", "desde %")
        case .toDate: ("bis %", "jusqu’à %", "hasta %")
        case .writtenBy: ("in der Hand von %", "de la main de %", "de la mano de %")
        case .ofLaterStage:
            ("von einer späteren Stufe, „%“", "d’une étape postérieure, « % »", "de una fase posterior, «%»")
        case .inMainHand: ("in der Haupthand", "de la main principale", "de la mano principal")
        case .mainHand: ("Haupthand", "main principale", "mano principal")
        case .figure: ("Abbildung", "figure", "figura")
        case .picture: ("Bild", "image", "imagen")
        case .see: ("siehe", "voir", "véase")
        }
    }
}
