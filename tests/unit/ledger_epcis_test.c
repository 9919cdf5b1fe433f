/*
 * Goal: a log with events of every type becomes an EPCIS 2.0 document that is valid, in words of
 * the Core Business Vocabulary or of our own namespace, and that leaves nothing out unsaid.
 * Method: the document is read back by a plain JSON reader and each event held against what the
 * standard's schema asks of its type (members, words, forms of times), as lists here; tools/outside
 * does the same by the schema itself. Every event of the log must be carried or counted as left.
 * Control: a word, a member and a time that are not of the standard are refused by the same check.
 */
#include "ledger/epcis.h"
#include "ledger/history.h"

#include "ledger_book.h"

#include <inttypes.h>

static const char *const common[] = {"type",
                                     "eventID",
                                     "eventTime",
                                     "eventTimeZoneOffset",
                                     "recordTime",
                                     "errorDeclaration",
                                     "bizStep",
                                     "disposition",
                                     "readPoint",
                                     "bizLocation",
                                     "bizTransactionList",
                                     "sourceList",
                                     "destinationList",
                                     NULL};
static const char *const of_things[] = {"action", "epcList", "quantityList", NULL};
static const char *const of_packs[] = {"action", "parentID", "childEPCs", "childQuantityList",
                                       NULL};
static const char *const of_making[] = {"inputEPCList", "inputQuantityList", "outputEPCList",
                                        "outputQuantityList", NULL};
static const struct {
    const char *type;
    const char *const *members;
} types[] = {{"ObjectEvent", of_things},
             {"TransactionEvent", of_things},
             {"AggregationEvent", of_packs},
             {"TransformationEvent", of_making}};

/* Core Business Vocabulary 2.0, sections 7.1 and 7.2. */
static const char *const steps[] = {"accepting",
                                    "arriving",
                                    "assembling",
                                    "collecting",
                                    "commissioning",
                                    "consigning",
                                    "creating_class_instance",
                                    "cycle_counting",
                                    "decommissioning",
                                    "departing",
                                    "destroying",
                                    "disassembling",
                                    "dispensing",
                                    "encoding",
                                    "entering_exiting",
                                    "holding",
                                    "inspecting",
                                    "installing",
                                    "killing",
                                    "loading",
                                    "other",
                                    "packing",
                                    "picking",
                                    "receiving",
                                    "removing",
                                    "repackaging",
                                    "repairing",
                                    "replacing",
                                    "reserving",
                                    "retail_selling",
                                    "sampling",
                                    "sensor_reporting",
                                    "shipping",
                                    "staging_outbound",
                                    "stock_taking",
                                    "stocking",
                                    "storing",
                                    "transporting",
                                    "unloading",
                                    "unpacking",
                                    "void_shipping",
                                    NULL};
static const char *const dispositions[] = {"active",
                                           "available",
                                           "completeness_inferred",
                                           "completeness_verified",
                                           "conformant",
                                           "container_closed",
                                           "container_open",
                                           "damaged",
                                           "destroyed",
                                           "dispensed",
                                           "disposed",
                                           "encoded",
                                           "expired",
                                           "in_progress",
                                           "in_transit",
                                           "inactive",
                                           "mismatch_class",
                                           "mismatch_instance",
                                           "mismatch_quantity",
                                           "needs_replacement",
                                           "no_pedigree_match",
                                           "non_conformant",
                                           "non_sellable_other",
                                           "partially_dispensed",
                                           "recalled",
                                           "reserved",
                                           "retail_sold",
                                           "returned",
                                           "sellable_accessible",
                                           "sellable_not_accessible",
                                           "stolen",
                                           "unavailable",
                                           "unknown",
                                           NULL};
static const char *const transactions[] = {"bol",     "cert",    "desadv",    "inv",    "pedigree",
                                           "po",      "poc",     "prodorder", "recadv", "rma",
                                           "testprd", "testres", "upevt",     NULL};
static const char *const actions[] = {"ADD", "OBSERVE", "DELETE", NULL};
static const char *const parties[] = {"owning_party", "possessing_party", "location", NULL};

static bool is_among(struct numu_text text, const char *const *list) {
    for (size_t i = 0; list[i] != NULL; i++) {
        if (numu_text_is(text, list[i])) {
            return true;
        }
    }
    return false;
}

static bool is_own(struct numu_text text) {
    return text.length > 5 && memcmp(text.data, "numu:", 5) == 0;
}

static bool is_address(const struct numu_json *value) {
    return value != NULL && value->kind == NUMU_JSON_STRING && value->text.length > 8 &&
           memcmp(value->text.data, "https://", 8) == 0;
}

static bool is_word(const struct numu_json *value, const char *const *list) {
    return value == NULL || (value->kind == NUMU_JSON_STRING &&
                             (is_among(value->text, list) || is_own(value->text)));
}

static bool is_time(const struct numu_json *value) {
    numu_instant unused;
    return value != NULL && value->kind == NUMU_JSON_STRING &&
           numu_instant_parse(value->text, &unused);
}

static bool are_addresses(const struct numu_json *list) {
    for (const struct numu_json *i = list == NULL ? NULL : list->first; i != NULL; i = i->next) {
        if (!is_address(i)) {
            return false;
        }
    }
    return list == NULL || list->first != NULL;
}

static bool are_quantities(const struct numu_json *list) {
    for (const struct numu_json *i = list == NULL ? NULL : list->first; i != NULL; i = i->next) {
        const struct numu_json *uom = numu_json_find(i, "uom");
        const struct numu_json *quantity = numu_json_find(i, "quantity");
        if (!is_address(numu_json_find(i, "epcClass")) || quantity == NULL ||
            quantity->kind != NUMU_JSON_NUMBER ||
            (uom != NULL && (uom->text.length < 2 || uom->text.length > 3))) {
            return false;
        }
    }
    return list == NULL || list->first != NULL;
}

static bool are_typed(const struct numu_json *list, const char *const *words, const char *member) {
    for (const struct numu_json *i = list == NULL ? NULL : list->first; i != NULL; i = i->next) {
        if (!is_word(numu_json_find(i, "type"), words) || !is_address(numu_json_find(i, member))) {
            return false;
        }
    }
    return list == NULL || list->first != NULL;
}

static bool has(const struct numu_json *event, const char *member) {
    return numu_json_find(event, member) != NULL;
}

/* What an event must have by its type. */
static bool has_what_it_needs(const struct numu_json *event, struct numu_text type) {
    const struct numu_json *action = numu_json_find(event, "action");
    bool deletes = action != NULL && numu_text_is(action->text, "DELETE");
    if (numu_text_is(type, "TransformationEvent")) {
        return action == NULL && (has(event, "inputEPCList") || has(event, "inputQuantityList")) &&
               (has(event, "outputEPCList") || has(event, "outputQuantityList"));
    }
    if (action == NULL || !is_among(action->text, actions)) {
        return false;
    }
    if (numu_text_is(type, "AggregationEvent")) {
        return has(event, "parentID") &&
               (deletes || has(event, "childEPCs") || has(event, "childQuantityList"));
    }
    return (has(event, "epcList") || has(event, "quantityList")) &&
           (numu_text_is(type, "ObjectEvent") || has(event, "bizTransactionList"));
}

static bool is_valid(const struct numu_json *event) {
    const struct numu_json *type = numu_json_find(event, "type");
    const char *const *members = NULL;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        members =
            type != NULL && numu_text_is(type->text, types[i].type) ? types[i].members : members;
    }
    for (const struct numu_json *i = event->first; i != NULL && members != NULL; i = i->next) {
        if (!is_among(i->key, common) && !is_among(i->key, members) && !is_own(i->key)) {
            return false;
        }
    }
    return members != NULL && has_what_it_needs(event, type->text) &&
           is_time(numu_json_find(event, "eventTime")) &&
           is_time(numu_json_find(event, "recordTime")) && has(event, "eventTimeZoneOffset") &&
           is_address(numu_json_find(event, "eventID")) && has(event, "numu:leaf") &&
           is_word(numu_json_find(event, "bizStep"), steps) &&
           is_word(numu_json_find(event, "disposition"), dispositions) &&
           are_addresses(numu_json_find(event, "epcList")) &&
           are_addresses(numu_json_find(event, "childEPCs")) &&
           are_addresses(numu_json_find(event, "inputEPCList")) &&
           are_addresses(numu_json_find(event, "outputEPCList")) &&
           are_quantities(numu_json_find(event, "quantityList")) &&
           are_quantities(numu_json_find(event, "childQuantityList")) &&
           are_quantities(numu_json_find(event, "inputQuantityList")) &&
           are_quantities(numu_json_find(event, "outputQuantityList")) &&
           are_typed(numu_json_find(event, "bizTransactionList"), transactions, "bizTransaction") &&
           are_typed(numu_json_find(event, "sourceList"), parties, "source") &&
           are_typed(numu_json_find(event, "destinationList"), parties, "destination");
}

/* --- a book with events of every type --- */

#define LIST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Closes the count that was recorded last. */
static void close_last(struct book *book) {
    char draft[256];
    (void)snprintf(draft, sizeof draft, "\"type\":\"close\",\"ref\":\"%s\"", book_last(book));
    book_do(book, "keeper", draft);
    book_approve(book, "chief", book_last(book));
}

/* A sheet of a count, one that is withdrawn, the count, and a sheet whose count does not come. */
static void count_in_sheets(struct book *book) {
    static const char form[] = "\"type\":\"sheet\",\"count\":\"%s\",\"second\":\"chief\","
                               "\"against\":%d,\"lines\":[{\"item\":\"rifle\",\"serials\":"
                               "[\"%s\"],\"to\":\"store/serviceable\"}]";
    char draft[512];
    (void)snprintf(draft, sizeof draft, form, "year", (int)book->ledger.head.size, "R2");
    book_do(book, "keeper", draft);
    (void)snprintf(draft, sizeof draft, form, "year", (int)book->ledger.head.size, "R5");
    book_do(book, "keeper", draft);
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"withdraw\",\"second\":\"chief\",\"reason\":\"misread\",\"ref\":"
                   "\"%s\"",
                   book_last(book));
    book_do(book, "keeper", draft);
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"key\":\"year\",\"second\":\"chief\",\"against\":%d,"
                   "\"lines\":[{\"item\":\"rifle\",\"quantity\":1,\"to\":\"store/serviceable\"}]",
                   (int)book->ledger.head.size);
    book_do(book, "keeper", draft);
    close_last(book);
    (void)snprintf(draft, sizeof draft, form, "next", (int)book->ledger.head.size, "R2");
    book_do(book, "keeper", draft);
}

static void fill(struct book *book) {
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"kit\",\"serials\":[\"K1..K9\"],\"from\":"
            "\"opening\",\"to\":\"store/serviceable\"},{\"item\":\"bulk\",\"lot\":\"B1\","
            "\"quantity\":2.5,\"from\":\"opening\",\"to\":\"store/serviceable\"}]");
    book_do(
        book, "keeper",
        "\"type\":\"import\",\"lines\":[{\"item\":\"round\",\"lot\":\"L 1/2\",\"quantity\":500,"
        "\"from\":\"imported\",\"to\":\"store/serviceable\"},{\"item\":\"crate\",\"quantity\":3,"
        "\"from\":\"imported\",\"to\":\"a/serviceable\"}]");
    book_do(
        book, "maker",
        "\"type\":\"produce\",\"order\":\"o-1\",\"lines\":[{\"item\":\"kit\",\"serials\":"
        "[\"K1\",\"K2\"],\"from\":\"store/serviceable\",\"to\":\"consumed\"},{\"item\":\"rifle\","
        "\"serials\":[\"R1\",\"R2\"],\"from\":\"produced\",\"to\":\"a/quarantine\"}]");
    const char *wrong = book_last(book);
    book_do(book, "maker",
            "\"type\":\"transform\",\"lines\":[{\"item\":\"round\",\"lot\":\"L3\",\"quantity\":7,"
            "\"from\":\"produced\",\"to\":\"a/quarantine\"}]"); /* without inputs */
    book_do(
        book, "maker",
        "\"type\":\"mark\",\"mark\":\"M\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"]}]");
    book_do(
        book, "judge",
        "\"type\":\"inspect\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\",\"R2\"],\"from\":"
        "\"a/quarantine\",\"to\":\"a/serviceable\"}]");
    book_approve(book, "chief", book_last(book));
    book_do(
        book, "keeper",
        "\"type\":\"pack\",\"pack\":\"C1\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"]}]");
    book_do(book, "keeper", "\"type\":\"unpack\",\"pack\":\"C1\"");
    book_do(book, "keeper",
            "\"type\":\"put\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\",\"R2\"],\"from\":"
            "\"a/serviceable\",\"to\":\"store/serviceable\"}]");
    book_do(book, "keeper",
            "\"type\":\"issue\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"],\"from\":"
            "\"store/serviceable\",\"to\":\"unit/serviceable\"}]");
    book_do(book, "keeper",
            "\"type\":\"return\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"],\"from\":"
            "\"unit/serviceable\",\"to\":\"store/serviceable\"}]");
    book_do(
        book, "keeper",
        "\"type\":\"dispatch\",\"destination\":\"b\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
        "[\"R1\"],\"from\":\"store/serviceable\",\"to\":\"transit\"}]");
    book_do(
        book, "keeper",
        "\"type\":\"receive\",\"dispatch\":\"b:7\",\"lines\":[{\"item\":\"round\",\"lot\":\"L9\","
        "\"quantity\":5,\"from\":\"transit\",\"to\":\"store/serviceable\",\"line\":0}]");
    book_do(book, "keeper",
            "\"type\":\"consume\",\"lines\":[{\"item\":\"round\",\"lot\":\"L 1/2\",\"quantity\":5,"
            "\"from\":\"store/serviceable\",\"to\":\"consumed\"}]");
    book_do(book, "licensor",
            "\"type\":\"screen\",\"subject\":\"buyer\",\"result\":\"clear\",\"reason\":\"no name "
            "alike\",\"list\":\"" LIST "\"");
    book_do(book, "keeper",
            "\"type\":\"export\",\"licence\":\"x1\",\"screening\":\"buyer\",\"lines\":[{\"item\":"
            "\"round\",\"lot\":\"L 1/2\",\"quantity\":10,\"from\":\"store/serviceable\",\"to\":"
            "\"exported\"}]");
    book_approve(book, "licensor", book_last(book));
    char draft[512];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"second\":\"chief\",\"against\":%d,\"lines\":[{\"item\":"
                   "\"rifle\",\"serials\":[\"R2\"],\"to\":\"store/serviceable\"}]",
                   (int)book->ledger.head.size);
    book_do(book, "keeper", draft);
    close_last(book);
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"second\":\"chief\",\"against\":%d,\"lines\":[{\"item\":"
                   "\"round\",\"lot\":\"L9\",\"quantity\":3,\"to\":\"store/serviceable\"},"
                   "{\"item\":\"crate\",\"quantity\":%" PRId64 ",\"to\":\"a/serviceable\"}]",
                   (int)book->ledger.head.size,
                   book_balance(book, "a/serviceable", "crate", "") + 4);
    book_do(book, "keeper", draft);
    close_last(book); /* two rounds are missing, four crates too many */
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"second\":\"chief\",\"against\":%d,\"lines\":[{\"item\":"
                   "\"round\",\"lot\":\"L9\",\"quantity\":0,\"to\":\"store/suspended\"}]",
                   (int)book->ledger.head.size);
    book_do(book, "keeper", draft);
    close_last(book); /* of nothing, there is nothing */
    count_in_sheets(book);
    book_do(
        book, "keeper",
        "\"type\":\"lose\",\"reason\":\"gone\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R2\"],"
        "\"from\":\"store/serviceable\",\"to\":\"lost\"}]"); /* and nobody approves */
    book_do(book, "keeper",
            "\"type\":\"find\",\"reason\":\"there\",\"lines\":[{\"item\":\"rifle\",\"serials\":["
            "\"R7\"],"
            "\"from\":\"found\",\"to\":\"store/suspended\"}]");
    book_do(book, "keeper",
            "\"type\":\"seize\",\"reason\":\"seized\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
            "[\"R8\"],\"from\":\"seized\",\"to\":\"store/suspended\"}]");
    book_do(
        book, "keeper",
        "\"type\":\"destroy\",\"method\":\"cut\",\"witnesses\":[\"chief\"],\"lines\":[{\"item\":"
        "\"rifle\",\"serials\":[\"R8\"],\"from\":\"store/suspended\",\"to\":\"destroyed\"}]");
    book_approve(book, "chief", book_last(book));
    (void)snprintf(
        draft, sizeof draft,
        "\"type\":\"correct\",\"ref\":\"%s\",\"reason\":\"miscounted\",\"lines\":[{"
        "\"item\":\"crate\",\"quantity\":1,\"from\":\"a/serviceable\",\"to\":\"error\"}]",
        wrong);
    book_do(book, "keeper", draft);
    book_approve(book, "chief", book_last(book));
}

/* --- the log, told by other code --- */

struct tally {
    uint64_t of[NUMU_EVENT_TYPE_COUNT]; /* events that took effect, by type */
};

static numu_status visit_act(void *data, const struct numu_act *act) {
    ((struct tally *)data)->of[act->event->type]++;
    return NUMU_OK;
}

/* Events of the log that a document has, each once, by type: those declared wrong stand twice. */
static void tally_document(const struct numu_json *list, struct tally *out) {
    static bool seen[1000];
    memset(seen, 0, sizeof seen);
    *out = (struct tally){{0}};
    for (const struct numu_json *event = list->first; event != NULL; event = event->next) {
        struct numu_text number = numu_json_find(event, "numu:sequence")->text;
        size_t sequence = (size_t)strtoul(number.data, NULL, 10);
        assert_true(sequence < 1000);
        for (size_t type = 0; type < NUMU_EVENT_TYPE_COUNT && !seen[sequence]; type++) {
            out->of[type] +=
                numu_text_is(numu_json_find(event, "numu:type")->text, numu_event_kinds[type].name);
        }
        seen[sequence] = true;
    }
}

struct document {
    struct numu_buffer bytes;
    struct numu_json *root;
    struct numu_epcis_result result;
};

static const struct numu_json *write_and_read(struct book *book, struct document *document) {
    struct numu_json_error error;
    const struct numu_json *root;
    numu_buffer_init(&document->bytes, &book->heap, 0);
    book_must(numu_epcis_write(&book->ledger, NUMU_TEXT("https://id.example.org"), &document->bytes,
                               &document->result));
    book_must(numu_json_read(&book->arena,
                             (struct numu_text){document->bytes.data, document->bytes.length}, 0,
                             &document->root, &error));
    root = document->root;
    return numu_json_find(numu_json_find(root, "epcisBody"), "eventList");
}

/*
 * The parts of the closes: one rifle as counted; two rounds missing; four crates too many; one
 * rifle as counted in a sheet.
 */
static void check_closes(const struct numu_json *list) {
    static const char *const expected[][3] = {{"store/serviceable", "store/serviceable", "1"},
                                              {"store/serviceable", "unaccounted", "2"},
                                              {"unaccounted", "a/serviceable", "4"},
                                              {"store/serviceable", "store/serviceable", "1"}};
    size_t found = 0;
    for (const struct numu_json *event = list->first; event != NULL; event = event->next) {
        if (!numu_text_is(numu_json_find(event, "numu:type")->text, "close")) {
            continue;
        }
        assert_true(found < 4);
        const struct numu_json *quantities = numu_json_find(event, "quantityList");
        assert_true(numu_text_is(numu_json_find(event, "numu:from")->text, expected[found][0]));
        assert_true(numu_text_is(numu_json_find(event, "numu:to")->text, expected[found][1]));
        assert_true(
            numu_text_is(numu_json_find(quantities->first, "quantity")->text, expected[found][2]));
        assert_true(has(event, "numu:approval") && has(event, "numu:ref"));
        found++;
    }
    assert_true(found == 4);
}

static void test_document(void **state) {
    (void)state;
    static struct book book;
    struct document document;
    bool seen[4] = {false};
    size_t count = 0;
    book_init(&book, "a");
    fill(&book);
    const struct numu_json *list = write_and_read(&book, &document);
    assert_non_null(list);
    assert_true(numu_text_is(numu_json_find(document.root, "type")->text, "EPCISDocument"));
    assert_true(numu_text_is(numu_json_find(document.root, "schemaVersion")->text, "2.0"));
    assert_true(is_time(numu_json_find(document.root, "creationDate")));
    assert_true(has(document.root, "@context"));
    for (const struct numu_json *event = list->first; event != NULL; event = event->next) {
        if (!is_valid(event)) {
            fail_msg("event %zu is not valid", count);
        }
        for (size_t i = 0; i < 4; i++) {
            seen[i] = seen[i] || numu_text_is(numu_json_find(event, "type")->text, types[i].type);
        }
        count++;
    }
    assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
    assert_true(count == document.result.written);
    /* [X2] */
    uint64_t total = document.result.carried + document.result.waiting;
    for (size_t i = 0; i < NUMU_EVENT_TYPE_COUNT; i++) {
        total += document.result.left[i];
    }
    assert_true(total + 8 ==
                book.ledger.head.size); /* eight approvals stand with what they approve */
    assert_true(document.result.waiting == 1);
    assert_true(document.result.left[NUMU_EVENT_screen] == 1);
    assert_true(document.result.left[NUMU_EVENT_close] == 1);
    assert_true(document.result.left[NUMU_EVENT_sheet] == 2); /* withdrawn, and without a count */
    assert_true(document.result.left[NUMU_EVENT_withdraw] == 1);
    struct tally log = {{0}};
    struct tally told;
    book_must(numu_acts_visit(&book.ledger, visit_act, &log));
    tally_document(list, &told);
    for (size_t type = 0; type < NUMU_EVENT_TYPE_COUNT; type++) {
        assert_int_equal(log.of[type], told.of[type] + document.result.left[type]);
    }
    assert_true(told.of[NUMU_EVENT_close] == 3 && told.of[NUMU_EVENT_count] == 4);
    check_closes(list);
    numu_buffer_release(&document.bytes);
    book_release(&book);
}

/* The check can fail. */
static void test_control(void **state) {
    (void)state;
    static const char *const spoilt[][2] = {
        {"\"bizStep\": \"storing\"", "\"bizStep\": \"walking\""},
        {"\"numu:sequence\"", "\"mumu:sequence\""},
        {"\"disposition\": \"available\"", "\"disposition\": \"availible\""},
        {"\"eventTime\": \"2026-01", "\"eventTime\": \"2026-21"},
        {"\"action\": \"ADD\"", "\"action\": \"BAD\""},
        {"\"type\": \"desadv\"", "\"type\": \"desads\""}};
    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        static struct book book;
        struct document document;
        struct numu_json_error error;
        bool is_good = true;
        book_init(&book, "a");
        fill(&book);
        (void)write_and_read(&book, &document);
        book_must(numu_buffer_append_char(&document.bytes, '\0'));
        char *at = strstr(document.bytes.data, spoilt[i][0]);
        assert_non_null(at);
        memcpy(at, spoilt[i][1], strlen(spoilt[i][1]));
        book_must(numu_json_read(&book.arena,
                                 (struct numu_text){document.bytes.data, document.bytes.length - 1},
                                 0, &document.root, &error));
        const struct numu_json *list =
            numu_json_find(numu_json_find(document.root, "epcisBody"), "eventList");
        for (const struct numu_json *event = list->first; event != NULL; event = event->next) {
            is_good = is_good && is_valid(event);
        }
        assert_false(is_good);
        numu_buffer_release(&document.bytes);
        book_release(&book);
    }
}

/* Keys of the GS1 General Specifications, and of its examples of Digital Links. */
static void test_gs1(void **state) {
    (void)state;
    assert_true(numu_gs1_key_is_good(NUMU_TEXT("09521321000018"), 14));
    assert_true(numu_gs1_key_is_good(NUMU_TEXT("9521321000018"), 13));
    assert_true(numu_gs1_key_is_good(NUMU_TEXT("09506000134352"), 14));
    assert_true(numu_gs1_key_is_good(NUMU_TEXT("9780201379624"), 13)); /* GS1 US: check digit 4 */
    assert_false(numu_gs1_key_is_good(NUMU_TEXT("09521321000019"), 14));
    assert_false(numu_gs1_key_is_good(NUMU_TEXT("0952132100001"), 14));
    assert_false(numu_gs1_key_is_good(NUMU_TEXT("0952132100001x"), 14));
    assert_true(numu_epcis_base_is_good(NUMU_TEXT("https://id.example.org")));
    assert_true(numu_epcis_base_is_good(NUMU_TEXT("http://id.example.org:80/a")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("https://id.example.org/")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("id.example.org")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("https://")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("://x")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("https://id example")));
    assert_false(numu_epcis_base_is_good(NUMU_TEXT("")));
}

static const char registers_gs1[] =
    "\"type\":\"register\",\"register\":{\"items\":[{\"id\":\"09521321000018\",\"control\":"
    "\"serial\",\"unit\":\"each\"},{\"id\":\"09506000134352\",\"control\":\"lot\",\"unit\":\"kg\"},"
    "{\"id\":\"odd\",\"control\":\"lot\",\"unit\":\"bundle\"}],"
    "\"places\":[{\"id\":\"9521321000018\",\"kind\":\"storehouse\",\"site\":\"a\"}]}";

static void test_links(void **state) {
    (void)state;
    static struct book book;
    struct document document;
    book_init(&book, "a");
    book_do(&book, "registrar", registers_gs1);
    book_do(&book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"09521321000018\",\"serials\":[\"S/1\"],"
            "\"from\":\"opening\",\"to\":\"9521321000018/serviceable\"},{\"item\":"
            "\"09506000134352\",\"lot\":\"L1\",\"quantity\":1.5,\"from\":\"opening\",\"to\":"
            "\"9521321000018/serviceable\"},{\"item\":\"odd\",\"lot\":\"L2\",\"quantity\":4,"
            "\"from\":\"opening\",\"to\":\"9521321000018/serviceable\"}]");
    (void)write_and_read(&book, &document);
    book_must(numu_buffer_append_char(&document.bytes, '\0'));
    assert_non_null(
        strstr(document.bytes.data, "\"https://id.example.org/01/09521321000018/21/S%2F1\""));
    assert_non_null(strstr(document.bytes.data,
                           "\"https://id.example.org/01/09506000134352/10/L1\", \"quantity\": 1.5, "
                           "\"uom\": \"KGM\""));
    assert_non_null(strstr(document.bytes.data, "\"https://id.example.org/414/9521321000018\""));
    assert_non_null(strstr(document.bytes.data, "\"numu:unit\": \"bundle\""));
    numu_buffer_release(&document.bytes);
    book_release(&book);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_document),
                                       cmocka_unit_test(test_control), cmocka_unit_test(test_gs1),
                                       cmocka_unit_test(test_links)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
