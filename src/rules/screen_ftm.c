/*
 * screen_ftm.c - FollowTheMoney entities (https://followthemoney.tech), a JSON object a line, as
 * OpenSanctions publishes them (entities.ftm.json): {"id", "schema", "properties": {"name":
 * [...]}}.
 */
#include "base/json.h"
#include "rules/screen_read.h"

#include <string.h>

/* Schemata that can be on a list; others (addresses, passports, ownership) are passed over. */
static bool party_of(const struct numu_json *schema, numu_party *out) {
    static const struct {
        const char *schema;
        numu_party party;
    } known[] = {
        {"Person", NUMU_PARTY_PERSON},        {"Company", NUMU_PARTY_COMPANY},
        {"Organization", NUMU_PARTY_COMPANY}, {"PublicBody", NUMU_PARTY_COMPANY},
        {"LegalEntity", NUMU_PARTY_ANY},      {"Vessel", NUMU_PARTY_VESSEL},
        {"Airplane", NUMU_PARTY_VESSEL},
    };
    for (size_t i = 0; schema != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (numu_text_is(schema->text, known[i].schema)) {
            *out = known[i].party;
            return true;
        }
    }
    return false;
}

static const struct numu_json *first_value(const struct numu_json *properties, const char *name) {
    const struct numu_json *list = numu_json_find(properties, name);
    return list != NULL && list->kind == NUMU_JSON_ARRAY ? list->first : NULL;
}

static numu_status add_names(struct numu_screen *screen, const struct numu_json *properties) {
    static const struct {
        const char *property;
        bool is_weak;
    } names[] = {{"name", false}, {"alias", false}, {"previousName", false}, {"weakAlias", true}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (const struct numu_json *value = first_value(properties, names[i].property);
             value != NULL; value = value->next) {
            if (value->kind == NUMU_JSON_STRING) {
                NUMU_TRY(numu_screen_add_name(screen, value->text, names[i].is_weak));
            }
        }
    }
    return NUMU_OK;
}

static numu_status add_facts(struct numu_screen *screen, const struct numu_json *properties) {
    static const struct {
        const char *property;
        numu_screen_fact_kind kind;
    } facts[] = {
        {"birthDate", NUMU_FACT_BIRTH},           {"country", NUMU_FACT_COUNTRY},
        {"nationality", NUMU_FACT_COUNTRY},       {"citizenship", NUMU_FACT_COUNTRY},
        {"jurisdiction", NUMU_FACT_COUNTRY},      {"flag", NUMU_FACT_COUNTRY},
        {"passportNumber", NUMU_FACT_IDENTIFIER}, {"idNumber", NUMU_FACT_IDENTIFIER},
        {"taxNumber", NUMU_FACT_IDENTIFIER},      {"registrationNumber", NUMU_FACT_IDENTIFIER},
        {"innCode", NUMU_FACT_IDENTIFIER},        {"ogrnCode", NUMU_FACT_IDENTIFIER},
        {"leiCode", NUMU_FACT_IDENTIFIER},        {"imoNumber", NUMU_FACT_IDENTIFIER},
        {"mmsi", NUMU_FACT_IDENTIFIER},           {"callSign", NUMU_FACT_IDENTIFIER},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        for (const struct numu_json *value = first_value(properties, facts[i].property);
             value != NULL; value = value->next) {
            if (value->kind == NUMU_JSON_STRING) {
                NUMU_TRY(numu_screen_add_fact(screen, facts[i].kind, value->text));
            }
        }
    }
    return NUMU_OK;
}

static numu_status read_entity(const struct numu_json *entity, struct numu_screen *screen) {
    const struct numu_json *id = numu_json_find(entity, "id");
    const struct numu_json *properties = numu_json_find(entity, "properties");
    const struct numu_json *programme = first_value(properties, "programId");
    numu_party party;
    if (!party_of(numu_json_find(entity, "schema"), &party)) {
        return NUMU_OK;
    }
    NUMU_TRY(
        numu_screen_add_entry(screen, party, id == NULL ? (struct numu_text){NULL, 0} : id->text,
                              programme == NULL ? (struct numu_text){NULL, 0} : programme->text));
    NUMU_TRY(add_names(screen, properties));
    return add_facts(screen, properties);
}

numu_status numu_screen_read_ftm(const struct numu_screen_file *file, struct numu_arena *scratch,
                                 struct numu_report *report, struct numu_screen *screen) {
    NUMU_TRY(numu_screen_begin_list(screen, file, "ftm", (struct numu_text){NULL, 0}));
    for (size_t at = 0; at < file->length;) {
        const char *end = memchr(file->bytes + at, '\n', file->length - at);
        size_t length = end == NULL ? file->length - at : (size_t)(end - file->bytes) - at;
        struct numu_text line = numu_text_trim((struct numu_text){file->bytes + at, length});
        struct numu_arena_mark mark = numu_arena_mark(scratch);
        struct numu_json *entity;
        struct numu_json_error error;
        if (line.length > 0 && line.data[line.length - 1] == '\r') {
            line.length--;
        }
        if (line.length > 0) {
            numu_status status = numu_json_read(scratch, line, 0, &entity, &error);
            if (status == NUMU_INVALID) {
                numu_screen_report(report, file, NUMU_CODE_BAD_LIST,
                                   (uint64_t)(line.data - file->bytes) + error.offset, 1,
                                   numu_text_of(numu_json_problem_name(error.problem)));
            } else {
                NUMU_TRY(status);
                NUMU_TRY(read_entity(entity, screen));
            }
        }
        numu_arena_rewind(scratch, mark);
        at += length + 1;
    }
    return NUMU_OK;
}
