#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0

#include "CTOML.h"

#include <string_view>

// Homebrew's folder is not among those that a compiler searches.
#if __has_include(<toml++/toml.h>)
#include <toml++/toml.h>
#else
#include "/opt/homebrew/include/toml++/toml.h"
#endif

namespace {

struct Receiver {
    void *context;
    void (*receive)(void *, const TOMLEvent *);

    void send(TOMLEventKind kind, std::string_view key, std::string_view text, const toml::source_position &place) const {
        const TOMLEvent event = {
            kind, key.data(), key.size(), text.data(), text.size(), place.line, static_cast<uint32_t>(place.column)};
        receive(context, &event);
    }

    void send(const toml::node &node, std::string_view key, const toml::source_position &place) const {
        if (const auto *table = node.as_table()) {
            send(TOMLEventTable, key, {}, place);
            for (const auto &[name, value] : *table) send(value, name.str(), name.source().begin);
            send(TOMLEventEnd, {}, {}, place);
        } else if (const auto *list = node.as_array()) {
            send(TOMLEventList, key, {}, place);
            for (const auto &value : *list) send(value, {}, value.source().begin);
            send(TOMLEventEnd, {}, {}, place);
        } else if (const auto *string = node.as_string()) {
            send(TOMLEventString, key, string->get(), place);
        } else {
            send(TOMLEventOther, key, {}, place);
        }
    }
};

}  // namespace

void readTOML(const char *bytes, size_t count, void *context, void (*receive)(void *context, const TOMLEvent *event)) {
    const Receiver receiver = {context, receive};
    const toml::parse_result result = toml::parse(std::string_view(bytes, count));
    if (result) {
        receiver.send(result.table(), {}, {1, 1});
    } else {
        receiver.send(TOMLEventError, {}, result.error().description(), result.error().source().begin);
    }
}
