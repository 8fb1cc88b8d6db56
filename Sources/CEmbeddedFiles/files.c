// Files that are built into the program. `#embed` takes the compiler no time; SwiftPM's `.embedInCode` writes an array literal
// of Swift, on which it spent a minute.
#include "CEmbeddedFiles.h"
#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char marginalia_rng[] = {
#embed "../../Schemas/marginalia.rng"
};
static const unsigned char marginalia_rnc[] = {
#embed "../../Schemas/marginalia.rnc"
};
static const unsigned char marginalia_sch[] = {
#embed "../../Schemas/marginalia.sch"
};
static const unsigned char cable[] = {
#embed "../TEI/Templates/cable.xml"
};
static const unsigned char conversation[] = {
#embed "../TEI/Templates/conversation.xml"
};
static const unsigned char edition[] = {
#embed "../TEI/Templates/edition.xml"
};
static const unsigned char letter[] = {
#embed "../TEI/Templates/letter.xml"
};
static const unsigned char memo[] = {
#embed "../TEI/Templates/memo.xml"
};
static const unsigned char person[] = {
#embed "../TEI/Templates/person.xml"
};
static const unsigned char registers[] = {
#embed "../TEI/Templates/register.xml"
};
static const unsigned char de[] = {
#embed "../TEI/Languages/de.json"
};
static const unsigned char es[] = {
#embed "../TEI/Languages/es.json"
};
static const unsigned char fr[] = {
#embed "../TEI/Languages/fr.json"
};
static const unsigned char page_css[] = {
#embed "../Pages/Resources/page.css"
};
static const unsigned char collation_css[] = {
#embed "../Pages/Resources/collation.css"
};
static const unsigned char words_js[] = {
#embed "../Pages/Resources/words.js"
};
static const unsigned char document_js[] = {
#embed "../Pages/Resources/document.js"
};
static const unsigned char search_js[] = {
#embed "../Pages/Resources/search.js"
};
static const unsigned char preview_js[] = {
#embed "../Preview/Resources/preview.js"
};
static const unsigned char preview_css[] = {
#embed "../Preview/Resources/preview.css"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}
static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} files[] = {
    FILE("marginalia.rng", marginalia_rng),
    FILE("marginalia.rnc", marginalia_rnc),
    FILE("marginalia.sch", marginalia_sch),
    FILE("Templates/cable.xml", cable),
    FILE("Templates/conversation.xml", conversation),
    FILE("Templates/edition.xml", edition),
    FILE("Templates/letter.xml", letter),
    FILE("Templates/memo.xml", memo),
    FILE("Templates/person.xml", person),
    FILE("Templates/register.xml", registers),
    FILE("Languages/de.json", de),
    FILE("Languages/es.json", es),
    FILE("Languages/fr.json", fr),
    FILE("Resources/page.css", page_css),
    FILE("Resources/collation.css", collation_css),
    FILE("Resources/words.js", words_js),
    FILE("Resources/document.js", document_js),
    FILE("Resources/search.js", search_js),
    FILE("Resources/preview.js", preview_js),
    FILE("Resources/preview.css", preview_css),
};

const unsigned char *embedded_file(const char *name, size_t *count) {
    for (size_t number = 0; number < sizeof files / sizeof files[0]; number++) {
        if (strcmp(files[number].name, name) != 0) continue;
        *count = files[number].count;
        return files[number].bytes;
    }
    return NULL;
}
