/*
 * simulate_check.c - whether the books say what is so in truth, but for what is told wrongly.
 */
#include "ledger/simulate.h"

#include "ledger/query.h"

#include <inttypes.h>
#include <string.h>

static numu_status sum_truth(const struct numu_simulation *simulation,
                             const struct numu_simulation_result *result, struct numu_arena *arena,
                             struct numu_dictionary *out) {
    numu_dictionary_init(out, arena);
    for (size_t i = 0; i < result->thing_count; i++) {
        const struct numu_true_thing *thing = &result->things[i];
        struct numu_text site = simulation->sites[thing->site].id;
        struct numu_text key;
        struct numu_text sum;
        if (memchr(thing->account.data, '/', thing->account.length) == NULL || thing->book == 0) {
            continue;
        }
        NUMU_TRY(numu_text_printf(arena, &key, "%.*s\t%.*s\t%.*s\t%.*s", (int)site.length,
                                  site.data, (int)thing->account.length, thing->account.data,
                                  (int)thing->item.length, thing->item.data,
                                  thing->is_serial ? 0 : (int)thing->object.length,
                                  thing->is_serial ? "" : thing->object.data));
        const struct numu_entry *before = numu_dictionary_find(out, key);
        int64_t total = thing->book + (before == NULL ? 0 : numu_field_number(before->value));
        NUMU_TRY(numu_text_printf(arena, &sum, "%" PRId64, total));
        NUMU_TRY(numu_dictionary_put(out, key, sum, NULL));
    }
    return NUMU_OK;
}

numu_status numu_simulation_check(const struct numu_simulation *simulation,
                                  const struct numu_simulation_result *result,
                                  struct numu_arena *arena) {
    struct numu_dictionary truth;
    size_t matched = 0;
    NUMU_TRY(sum_truth(simulation, result, arena, &truth));
    for (size_t site = 0; site < simulation->site_count; site++) {
        struct numu_balance_filter filter = {.site = simulation->sites[site].id};
        struct numu_balance *rows;
        size_t count;
        NUMU_TRY(numu_balances_list(&simulation->sites[site].ledger->state, arena, &filter, &rows,
                                    &count));
        for (size_t i = 0; i < count; i++) {
            struct numu_text key;
            NUMU_TRY(numu_text_printf(
                arena, &key, "%.*s\t%.*s\t%.*s\t%.*s", (int)rows[i].site.length, rows[i].site.data,
                (int)rows[i].account.length, rows[i].account.data, (int)rows[i].item.length,
                rows[i].item.data, (int)rows[i].lot.length, rows[i].lot.data));
            const struct numu_entry *entry = numu_dictionary_find(&truth, key);
            if (entry == NULL || numu_field_number(entry->value) != rows[i].quantity) {
                return NUMU_INVALID;
            }
            matched++;
        }
    }
    return matched == truth.count ? NUMU_OK : NUMU_INVALID;
}
