/*
 * ledger_count.c - see ledger_count.h.
 */
#include "app/ledger_count.h"

#include "app/tell.h"
#include "ledger/difference.h"

static const char *stage_word(const struct numu_count_row *row) {
    static const char *const words[] = {[NUMU_COUNT_WAITING] = "word.count_waiting",
                                        [NUMU_COUNT_LAPSED] = "word.count_lapsed",
                                        [NUMU_COUNT_RECORDED] = "word.count_recorded",
                                        [NUMU_COUNT_OVERTAKEN] = "word.count_overtaken",
                                        [NUMU_COUNT_CLOSED] = "word.count_closed"};
    bool has_come = row->stage >= NUMU_COUNT_RECORDED;
    return !has_come && row->sheets == 0 ? "word.count_withdrawn" : words[row->stage];
}

static numu_status list_counts(struct numu_ledger *ledger, struct numu_text site,
                               struct numu_arena *arena, const struct numu_count_row *rows,
                               size_t count, struct numu_sheet *out) {
    static const char *const columns[] = {"act",       "event",       "recorded", "sheets",
                                          "withdrawn", "count_state", NULL};
    static const char *const facts[] = {"site", NULL};
    numu_sheet_init(out, ledger->heap, "numu.ledger.counts/1", "counts", columns);
    out->fact_names = facts;
    out->facts[0] = numu_argument_text(site);
    for (size_t i = 0; i < count; i++) {
        struct numu_text name;
        struct numu_text recorded;
        char time[NUMU_INSTANT_TEXT_BYTES];
        NUMU_TRY(numu_ledger_name(ledger, arena, site, rows[i].sequence, &name));
        NUMU_TRY(numu_text_copy(arena, numu_text_of(numu_instant_format(rows[i].recorded, time)),
                                &recorded));
        NUMU_TRY(numu_sheet_add_text(out, rows[i].key));
        NUMU_TRY(numu_sheet_add_text(out, name));
        NUMU_TRY(numu_sheet_add_text(out, recorded));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)rows[i].sheets)));
        NUMU_TRY(numu_sheet_add(out, numu_argument_integer((int64_t)rows[i].withdrawn)));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(stage_word(&rows[i]))));
    }
    return NUMU_OK;
}

static bool is_next(const struct numu_difference *before, const struct numu_difference *after) {
    return before->kind == after->kind && numu_text_is_equal(before->item, after->item) &&
           numu_text_is_equal(before->account, after->account) &&
           numu_text_is_equal(before->book_account, after->book_account) &&
           before->serial.length > 0 && numu_serial_follows(before->serial, after->serial);
}

/* How many differences from a place on are one row, and that row. */
static numu_status join(const struct numu_difference *rows, size_t count, struct numu_arena *arena,
                        struct numu_difference *out, size_t *out_taken) {
    size_t taken = 1;
    *out = rows[0];
    while (taken < count && is_next(&rows[taken - 1], &rows[taken])) {
        NUMU_TRY(numu_add(out->quantity, rows[taken].quantity, &out->quantity));
        taken++;
    }
    *out_taken = taken;
    struct numu_text last = rows[taken - 1].serial;
    return taken == 1 ? NUMU_OK
                      : numu_text_printf(arena, &out->serial, "%.*s..%.*s", (int)out->serial.length,
                                         out->serial.data, (int)last.length, last.data);
}

static numu_status list_differences(struct numu_ledger *ledger, struct numu_text site,
                                    struct numu_arena *arena, const struct numu_count_row *row,
                                    bool joins, struct numu_sheet *out) {
    static const char *const columns[] = {"finding", "item",         "lot",      "serial",
                                          "account", "book_account", "quantity", NULL};
    static const char *const facts[] = {"site", "act", "count_state", NULL};
    static const char *const words[] = {[NUMU_DIFFERENCE_MISSING] = "word.difference_missing",
                                        [NUMU_DIFFERENCE_SURPLUS] = "word.difference_surplus",
                                        [NUMU_DIFFERENCE_ELSEWHERE] = "word.difference_elsewhere",
                                        [NUMU_DIFFERENCE_MOVED] = "word.difference_moved",
                                        [NUMU_DIFFERENCE_SHORT] = "word.difference_short",
                                        [NUMU_DIFFERENCE_OVER] = "word.difference_over",
                                        [NUMU_DIFFERENCE_UNLISTED] = "word.difference_unlisted"};
    struct numu_difference *rows;
    size_t count;
    numu_sheet_init(out, ledger->heap, "numu.ledger.differences/1", "differences", columns);
    out->fact_names = facts;
    out->facts[0] = numu_argument_text(site);
    out->facts[1] = numu_argument_text(row->key);
    out->facts[2] = numu_argument_string(stage_word(row));
    NUMU_TRY(numu_differences_list(ledger, arena, site, row, &rows, &count));
    for (size_t i = 0, taken = 0; i < count; i += taken) {
        struct numu_difference shown;
        NUMU_TRY(join(&rows[i], joins ? count - i : 1, arena, &shown, &taken));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(words[shown.kind])));
        NUMU_TRY(numu_sheet_add_text(out, shown.item));
        NUMU_TRY(numu_sheet_add_text(out, shown.lot));
        NUMU_TRY(numu_sheet_add_text(out, shown.serial));
        NUMU_TRY(numu_sheet_add_text(out, shown.account));
        NUMU_TRY(numu_sheet_add_text(out, shown.book_account));
        NUMU_TRY(numu_sheet_add_quantity(out, shown.quantity));
    }
    return NUMU_OK;
}

/* The row of a count by its key, or by the name of its event. */
static const struct numu_count_row *find_count(const struct numu_count_row *rows, size_t count,
                                               struct numu_text which) {
    struct numu_reference of;
    bool is_event = numu_reference_parse(which, &of);
    for (size_t i = 0; i < count; i++) {
        if (numu_text_is_equal(rows[i].key, which) ||
            (is_event && rows[i].sequence == of.sequence)) {
            return &rows[i];
        }
    }
    return NULL;
}

numu_status numu_app_ledger_counts(struct numu_ledger *ledger,
                                   const struct numu_counts_request *request,
                                   struct numu_arena *arena, struct numu_report *report,
                                   struct numu_sheet *out) {
    struct numu_reference of;
    struct numu_count_row *rows;
    size_t count;
    struct numu_text site = request->site.length > 0 ? request->site : ledger->site;
    if (request->site.length == 0 && numu_reference_parse(request->which, &of)) {
        site = of.site;
    }
    numu_status status = numu_counts_of(ledger, arena, site, request->now, &rows, &count);
    if (status == NUMU_NOT_FOUND) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.place"),
                      numu_argument_text(site));
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    if (request->which.length == 0) {
        return list_counts(ledger, site, arena, rows, count, out);
    }
    const struct numu_count_row *row = find_count(rows, count, request->which);
    if (row == NULL) {
        numu_app_tell(report, NUMU_CODE_EVENT_UNKNOWN_NAME, numu_argument_string("kind.count"),
                      numu_argument_text(request->which));
        return NUMU_INVALID;
    }
    return list_differences(ledger, site, arena, row, request->joins, out);
}
