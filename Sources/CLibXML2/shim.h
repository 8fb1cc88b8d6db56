#ifndef MARGINALIA_CLIBXML2_SHIM_H
#define MARGINALIA_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>
// A libxml2 built with ICU includes ICU's headers, which differ from those of Swift's Foundation. Only the members of
// xmlCharEncodingHandler need them, and no Swift code reads these.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>

#endif
