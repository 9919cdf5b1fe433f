/*
 * screen_xml.c - lists in XML: the UN Security Council's Consolidated List
 * (https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list) and OFAC's sdn.xml.
 */
#include "base/xml.h"
#include "rules/screen_read.h"

#include <string.h>

/* Reads the document; NULL with a finding where it is none. */
static numu_status read_document(const struct numu_screen_file *file, struct numu_arena *scratch,
                                 struct numu_report *report, const struct numu_xml **out) {
    struct numu_xml_error error;
    numu_status status =
        numu_xml_read(scratch, (struct numu_text){file->bytes, file->length}, out, &error);
    if (status == NUMU_INVALID) {
        bool has_place = error.offset != SIZE_MAX;
        numu_screen_report(report, file, NUMU_CODE_BAD_LIST,
                           has_place ? error.offset : NUMU_WHOLE_FILE, has_place,
                           numu_text_of(numu_xml_problem_name(error.problem)));
        *out = NULL;
        return NUMU_OK;
    }
    return status;
}

static const struct numu_xml *first_of(const struct numu_xml *element, const char *name) {
    return numu_xml_find(element, name);
}

/* Texts of the children of some names, with a space between. */
static numu_status join_texts(const struct numu_xml *element, const char *const *names,
                              struct numu_buffer *out) {
    numu_buffer_clear(out);
    for (size_t i = 0; names[i] != NULL; i++) {
        struct numu_text part = numu_xml_text(element, names[i]);
        if (part.length > 0) {
            if (out->length > 0) {
                NUMU_TRY(numu_buffer_append_char(out, ' '));
            }
            NUMU_TRY(numu_buffer_append(out, part.data, part.length));
        }
    }
    return NUMU_OK;
}

static struct numu_text text_in(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

/* A fact from each child `name` of each child `group` of an element. */
static numu_status add_facts(struct numu_screen *screen, const struct numu_xml *element,
                             const char *group, const char *name, numu_screen_fact_kind kind) {
    for (const struct numu_xml *child = first_of(element, group); child != NULL;
         child = numu_xml_next(child)) {
        NUMU_TRY(numu_screen_add_fact(screen, kind, numu_xml_text(child, name)));
    }
    return NUMU_OK;
}

/* --- UN --- */

/* An alias of an entity is "a.k.a." or "f.k.a.", one of a person "Good" or "Low". */
static numu_status add_un_aliases(struct numu_screen *screen, const struct numu_xml *element,
                                  const char *group) {
    for (const struct numu_xml *alias = first_of(element, group); alias != NULL;
         alias = numu_xml_next(alias)) {
        NUMU_TRY(numu_screen_add_name(screen, numu_xml_text(alias, "ALIAS_NAME"),
                                      numu_text_is(numu_xml_text(alias, "QUALITY"), "Low")));
    }
    return NUMU_OK;
}

static numu_status add_un_births(struct numu_screen *screen, const struct numu_xml *element) {
    static const char *const parts[] = {"DATE", "YEAR", "FROM_YEAR", "TO_YEAR"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        NUMU_TRY(add_facts(screen, element, "INDIVIDUAL_DATE_OF_BIRTH", parts[i], NUMU_FACT_BIRTH));
    }
    return NUMU_OK;
}

static numu_status add_un_entry(struct numu_screen *screen, const struct numu_xml *element,
                                numu_party party, struct numu_buffer *name) {
    static const char *const names[] = {"FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME",
                                        NULL};
    bool is_person = party == NUMU_PARTY_PERSON;
    NUMU_TRY(numu_screen_add_entry(screen, party, numu_xml_text(element, "REFERENCE_NUMBER"),
                                   numu_xml_text(element, "UN_LIST_TYPE")));
    NUMU_TRY(join_texts(element, names, name));
    NUMU_TRY(numu_screen_add_name(screen, text_in(name), false));
    NUMU_TRY(numu_screen_add_name(screen, numu_xml_text(element, "NAME_ORIGINAL_SCRIPT"), false));
    NUMU_TRY(add_un_aliases(screen, element, is_person ? "INDIVIDUAL_ALIAS" : "ENTITY_ALIAS"));
    NUMU_TRY(add_facts(screen, element, is_person ? "INDIVIDUAL_ADDRESS" : "ENTITY_ADDRESS",
                       "COUNTRY", NUMU_FACT_COUNTRY));
    NUMU_TRY(add_facts(screen, element, "NATIONALITY", "VALUE", NUMU_FACT_COUNTRY));
    NUMU_TRY(add_facts(screen, element, "INDIVIDUAL_DOCUMENT", "NUMBER", NUMU_FACT_IDENTIFIER));
    return add_un_births(screen, element);
}

static numu_status add_un_group(struct numu_screen *screen, const struct numu_xml *root,
                                const char *group, const char *entry, numu_party party,
                                struct numu_buffer *name) {
    for (const struct numu_xml *element = first_of(first_of(root, group), entry); element != NULL;
         element = numu_xml_next(element)) {
        NUMU_TRY(add_un_entry(screen, element, party, name));
    }
    return NUMU_OK;
}

static struct numu_text attribute_of(const struct numu_xml *element, const char *name) {
    for (const struct numu_xml_attribute *attribute = element->attributes; attribute != NULL;
         attribute = attribute->next) {
        if (numu_text_is(attribute->name, name)) {
            return attribute->value;
        }
    }
    return (struct numu_text){NULL, 0};
}

numu_status numu_screen_read_un(const struct numu_screen_file *file, struct numu_arena *scratch,
                                struct numu_report *report, struct numu_screen *screen) {
    const struct numu_xml *root;
    struct numu_buffer name;
    NUMU_TRY(read_document(file, scratch, report, &root));
    if (root == NULL) {
        return NUMU_OK;
    }
    struct numu_text date = attribute_of(root, "dateGenerated");
    date.length = date.length > 10 ? 10 : date.length;
    NUMU_TRY(numu_screen_begin_list(screen, file, "un", date));
    numu_buffer_init(&name, scratch->heap, 0);
    numu_status status =
        add_un_group(screen, root, "INDIVIDUALS", "INDIVIDUAL", NUMU_PARTY_PERSON, &name);
    if (status == NUMU_OK) {
        status = add_un_group(screen, root, "ENTITIES", "ENTITY", NUMU_PARTY_COMPANY, &name);
    }
    numu_buffer_release(&name);
    return status;
}

/* --- OFAC --- */

static numu_status add_ofac_entry(struct numu_screen *screen, const struct numu_xml *element,
                                  struct numu_buffer *name) {
    static const char *const names[] = {"firstName", "lastName", NULL};
    struct numu_text type = numu_xml_text(element, "sdnType");
    numu_party party = numu_text_is(type, "Individual") ? NUMU_PARTY_PERSON
                       : numu_text_is(type, "Vessel")   ? NUMU_PARTY_VESSEL
                                                        : NUMU_PARTY_COMPANY;
    NUMU_TRY(numu_screen_add_entry(screen, party, numu_xml_text(element, "uid"),
                                   numu_xml_text(first_of(element, "programList"), "program")));
    NUMU_TRY(join_texts(element, names, name));
    NUMU_TRY(numu_screen_add_name(screen, text_in(name), false));
    for (const struct numu_xml *aka = first_of(first_of(element, "akaList"), "aka"); aka != NULL;
         aka = numu_xml_next(aka)) {
        NUMU_TRY(join_texts(aka, names, name));
        NUMU_TRY(numu_screen_add_name(screen, text_in(name),
                                      numu_text_is(numu_xml_text(aka, "category"), "weak")));
    }
    NUMU_TRY(add_facts(screen, first_of(element, "addressList"), "address", "country",
                       NUMU_FACT_COUNTRY));
    NUMU_TRY(add_facts(screen, first_of(element, "nationalityList"), "nationality", "country",
                       NUMU_FACT_COUNTRY));
    NUMU_TRY(
        add_facts(screen, first_of(element, "idList"), "id", "idNumber", NUMU_FACT_IDENTIFIER));
    return NUMU_OK;
}

numu_status numu_screen_read_ofac_xml(const struct numu_screen_file *file,
                                      struct numu_arena *scratch, struct numu_report *report,
                                      struct numu_screen *screen) {
    const struct numu_xml *root;
    struct numu_buffer name;
    numu_status status = NUMU_OK;
    NUMU_TRY(read_document(file, scratch, report, &root));
    if (root == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(
        numu_screen_begin_list(screen, file, "ofac-xml",
                               numu_xml_text(first_of(root, "publshInformation"), "Publish_Date")));
    numu_buffer_init(&name, scratch->heap, 0);
    for (const struct numu_xml *entry = first_of(root, "sdnEntry");
         status == NUMU_OK && entry != NULL; entry = numu_xml_next(entry)) {
        status = add_ofac_entry(screen, entry, &name);
    }
    numu_buffer_release(&name);
    return status;
}
