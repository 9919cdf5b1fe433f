/*
 * approve.c - see approve.h.
 */
#include "app/approve.h"

#include "base/cell.h"
#include "ledger/canonical.h"
#include "plan/store.h"

#include <inttypes.h>

static numu_status put_rows(const struct numu_plan *plan, const struct numu_table_descriptor *table,
                            struct numu_buffer *text) {
    numu_row count = numu_plan_count(plan, table);
    NUMU_TRY(numu_buffer_printf(text, "%s\n", table->name));
    for (numu_row row = 0; row < count; row++) {
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            const void *array = numu_plan_array((struct numu_plan *)(uintptr_t)plan, table, column);
            if (column != table->columns) {
                NUMU_TRY(numu_buffer_append_char(text, '\t'));
            }
            if (array != NULL) {
                NUMU_TRY(numu_cell_write(column, array, row, plan->currency, NULL, NULL, text));
            }
        }
        NUMU_TRY(numu_buffer_append_char(text, '\n'));
    }
    return NUMU_OK;
}

numu_status numu_app_plan_digest(const struct numu_plan *plan, struct numu_heap *heap,
                                 struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    struct numu_buffer text;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_buffer_init(&text, heap, 0);
    numu_status status = NUMU_OK;
    for (const struct numu_table_descriptor *table = numu_plan_schema;
         table->name != NULL && status == NUMU_OK; table++) {
        numu_buffer_clear(&text);
        status = put_rows(plan, table, &text);
        if (status == NUMU_OK) {
            status = numu_sha256_update(&stream, text.data, text.length);
        }
    }
    numu_buffer_release(&text);
    if (status != NUMU_OK) {
        numu_sha256_release(&stream);
        return status;
    }
    return numu_sha256_finish(&stream, out);
}

static numu_status write_draft(const struct numu_approve_request *request,
                               const struct numu_sha256 *digest, struct numu_buffer *draft) {
    char hex[NUMU_SHA256_HEX_BYTES];
    char time[NUMU_INSTANT_TEXT_BYTES];
    NUMU_TRY(numu_buffer_append_string(draft, "{\"type\":\"plan\",\"by\":"));
    NUMU_TRY(numu_canonical_string(draft, request->by));
    NUMU_TRY(numu_buffer_append_string(draft, ",\"reason\":"));
    NUMU_TRY(numu_canonical_string(draft, request->reason));
    (void)numu_sha256_hex(digest, hex);
    return numu_buffer_printf(draft, ",\"plan\":\"%s\",\"key\":\"plan-%.16s\",\"time\":\"%s\"}",
                              hex, hex, numu_instant_format(request->now, time));
}

numu_status numu_app_approve_draft(const struct numu_context *context,
                                   const struct numu_approve_request *request,
                                   struct numu_arena *arena, struct numu_report *report,
                                   struct numu_text *out) {
    struct numu_plan plan = {0};
    struct numu_sha256 digest;
    struct numu_buffer draft;
    NUMU_TRY(numu_plan_read(request->plan, arena, report, &plan));
    NUMU_TRY(numu_app_plan_digest(&plan, context->heap, &digest));
    numu_buffer_init(&draft, context->heap, 0);
    numu_status status = write_draft(request, &digest, &draft);
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){draft.data, draft.length}, out);
    }
    numu_buffer_release(&draft);
    return status;
}

/* --- promised against produced --- */

struct pairing {
    struct numu_arena *arena;
    struct numu_dictionary promised; /* "item\tmonth\tway" to a quantity */
    struct numu_dictionary produced;
    struct numu_sheet *sheet;
    numu_month last; /* of the book */
};

static numu_status add_promise(struct pairing *pairing, struct numu_text item, numu_month month,
                               bool is_made, numu_quantity quantity) {
    char text[NUMU_DAY_TEXT_BYTES];
    struct numu_text key;
    struct numu_text value;
    NUMU_TRY(numu_text_printf(pairing->arena, &key, "%.*s\t%s\t%s", (int)item.length, item.data,
                              numu_month_format(month, text), is_made ? "produced" : "imported"));
    const struct numu_entry *before = numu_dictionary_find(&pairing->promised, key);
    int64_t sum = before == NULL ? 0 : numu_field_number(before->value);
    NUMU_TRY(numu_add(sum, quantity, &sum));
    NUMU_TRY(numu_text_printf(pairing->arena, &value, "%" PRId64, sum));
    return numu_dictionary_put(&pairing->promised, key, value, NULL);
}

static numu_status add_promises(struct pairing *pairing, const struct numu_plan *plan) {
    for (numu_row row = 0; row < plan->production.head.count; row++) {
        uint8_t kind = plan->production.kind[row];
        bool is_made = kind == numu_process_kind_make || kind == numu_process_kind_assemble;
        if ((is_made || kind == numu_process_kind_import) &&
            plan->production.month[row] <= pairing->last) {
            NUMU_TRY(add_promise(pairing, plan->production.item[row], plan->production.month[row],
                                 is_made, plan->production.quantity[row]));
        }
    }
    return NUMU_OK;
}

static numu_status add_pair(struct pairing *pairing, struct numu_text key, numu_quantity promised,
                            numu_quantity produced) {
    struct numu_text item = numu_field_next(&key);
    struct numu_text month = numu_field_next(&key);
    numu_quantity difference;
    if (promised == 0 && produced == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_subtract(produced, promised, &difference));
    NUMU_TRY(numu_sheet_add_text(pairing->sheet, item));
    NUMU_TRY(numu_sheet_add_text(pairing->sheet, month));
    NUMU_TRY(numu_sheet_add_text(pairing->sheet, numu_text_is(key, "produced")
                                                     ? NUMU_TEXT("word.column_produced")
                                                     : NUMU_TEXT("word.column_imported")));
    NUMU_TRY(numu_sheet_add_quantity(pairing->sheet, promised));
    NUMU_TRY(numu_sheet_add_quantity(pairing->sheet, produced));
    return numu_sheet_add_quantity(pairing->sheet, difference);
}

/* Keys of both, each once: what nobody promised becomes a promise of nothing. */
static numu_status visit_produced(void *data, struct numu_text key, struct numu_text value) {
    struct pairing *pairing = data;
    (void)value;
    return numu_dictionary_find(&pairing->promised, key) != NULL
               ? NUMU_OK
               : numu_dictionary_put(&pairing->promised, key, NUMU_TEXT("0"), NULL);
}

static numu_status visit_promised(void *data, struct numu_text key, struct numu_text value) {
    struct pairing *pairing = data;
    const struct numu_entry *produced = numu_dictionary_find(&pairing->produced, key);
    return add_pair(pairing, key, numu_field_number(value),
                    produced == NULL ? 0 : numu_field_number(produced->value));
}

numu_status numu_app_promised(const struct numu_plan *plan, struct numu_ledger *ledger,
                              struct numu_arena *arena, struct numu_sheet *out) {
    static const char *const columns[] = {"item",     "month",           "way", "promised",
                                          "produced", "difference_made", NULL};
    struct pairing pairing = {.arena = arena, .sheet = out};
    numu_sheet_init(out, ledger->heap, "numu.promised/1", "promises", columns);
    numu_dictionary_init(&pairing.promised, arena);
    NUMU_TRY(numu_produced_list(ledger, arena, &pairing.produced, &pairing.last));
    NUMU_TRY(add_promises(&pairing, plan));
    NUMU_TRY(numu_dictionary_scan(&pairing.produced, NUMU_TEXT(""), visit_produced, &pairing));
    return numu_dictionary_scan(&pairing.promised, NUMU_TEXT(""), visit_promised, &pairing);
}
