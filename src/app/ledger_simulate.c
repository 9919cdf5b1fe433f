/*
 * ledger_simulate.c - a model as the setup of a simulation: what is made where from what, who draws
 * it; books and truth into a folder.
 *
 * Of the model's processes those that make or assemble one item under control from another are
 * taken; rates are a hundredth of the monthly limit, at least one, so that histories stay short.
 */
#include "app/ledger_exchange.h"
#include "app/tell.h"
#include "base/file.h"
#include "ledger/certificate.h"
#include "ledger/simulate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SITES_MAX = 64, RECIPES_MAX = 64, SERIALS_A_DAY = 8, UNITS_A_DAY = 1000 };

struct maker {
    const struct numu_context *context;
    const struct numu_ledger_simulate_request *request;
    const struct numu_model *model;
    struct numu_report *report;
    struct numu_arena *arena;
    struct numu_simulation setup;
    struct numu_simulation_site sites[SITES_MAX];
    struct numu_ledger books[SITES_MAX];
    struct numu_signer signers[SITES_MAX];
    struct numu_signer root, administrators[2];
    struct numu_simulation_recipe recipes[RECIPES_MAX];
    size_t open_count;
};

/* The place of a site in the setup, a new one where there is room; SIZE_MAX where not. */
static size_t find_site(struct maker *maker, struct numu_text id) {
    size_t max = maker->request->sites_max;
    for (size_t i = 0; i < maker->setup.site_count; i++) {
        if (numu_text_is_equal(maker->sites[i].id, id)) {
            return i;
        }
    }
    if (maker->setup.site_count >= SITES_MAX || (max > 0 && maker->setup.site_count >= max)) {
        return SIZE_MAX;
    }
    maker->sites[maker->setup.site_count].id = id;
    return maker->setup.site_count++;
}

static bool is_controlled(const struct maker *maker, numu_row item, bool *out_has_serials) {
    uint8_t control = maker->model->item.control[item];
    *out_has_serials = control == numu_control_serial;
    return control == numu_control_serial || control == numu_control_lot;
}

static void add_recipe(struct maker *maker, numu_row process, numu_row input) {
    const struct numu_table_process *table = &maker->model->process;
    numu_row item = table->item[process];
    numu_row from = maker->model->input.item[input];
    struct numu_simulation_recipe recipe = {.input_per_output = NUMU_QUANTITY_ONE};
    if (maker->setup.recipe_count >= RECIPES_MAX ||
        !is_controlled(maker, item, &recipe.output_has_serials) ||
        !is_controlled(maker, from, &recipe.input_has_serials)) {
        return;
    }
    for (size_t i = 0; i < maker->setup.recipe_count; i++) {
        if (numu_text_is_equal(maker->recipes[i].output, maker->model->item.id[item])) {
            return; /* one way to make it is enough */
        }
    }
    recipe.site = find_site(maker, maker->model->site.id[table->site[process]]);
    if (recipe.site == SIZE_MAX) {
        return;
    }
    recipe.input = maker->model->item.id[from];
    recipe.output = maker->model->item.id[item];
    recipe.a_day =
        recipe.output_has_serials || recipe.input_has_serials ? SERIALS_A_DAY : UNITS_A_DAY;
    maker->recipes[maker->setup.recipe_count++] = recipe;
}

static numu_status add_units(struct maker *maker) {
    const struct numu_table_unit *unit = &maker->model->unit;
    for (numu_row row = 0; row < unit->head.count; row++) {
        if (unit->site[row] == NUMU_NONE) {
            continue;
        }
        size_t site = find_site(maker, maker->model->site.id[unit->site[row]]);
        if (site == SIZE_MAX) {
            continue;
        }
        struct numu_text *units;
        NUMU_TRY(NUMU_TAKE(maker->arena, &units, maker->sites[site].unit_count + 1));
        if (maker->sites[site].unit_count > 0) {
            memcpy(units, maker->sites[site].units, maker->sites[site].unit_count * sizeof *units);
        }
        units[maker->sites[site].unit_count++] = unit->id[row];
        maker->sites[site].units = units;
    }
    return NUMU_OK;
}

static numu_status plan_setup(struct maker *maker) {
    const struct numu_table_process *process = &maker->model->process;
    const struct numu_table_input *input = &maker->model->input;
    for (numu_row row = 0; row < process->head.count; row++) {
        if (process->kind[row] != numu_process_kind_make &&
            process->kind[row] != numu_process_kind_assemble) {
            continue;
        }
        for (numu_row line = 0; line < input->head.count; line++) {
            if (input->process[line] == row) {
                add_recipe(maker, row, line);
            }
        }
    }
    NUMU_TRY(add_units(maker));
    maker->setup.start = maker->request->start;
    maker->setup.days = maker->request->days;
    maker->setup.sites = maker->sites;
    maker->setup.recipes = maker->recipes;
    maker->setup.keeper = NUMU_TEXT("sim_keeper");
    maker->setup.judge = NUMU_TEXT("sim_inspector");
    maker->setup.chief = NUMU_TEXT("sim_approver");
    maker->setup.registrar = NUMU_TEXT("sim_registrar");
    maker->setup.helper = NUMU_TEXT("sim_helper");
    maker->setup.administrators[0] = NUMU_TEXT("sim_admin_1");
    maker->setup.administrators[1] = NUMU_TEXT("sim_admin_2");
    return NUMU_OK;
}

/* --- keys: they follow from the seed, and protect nothing --- */

static numu_status make_key(struct maker *maker, struct numu_text name, struct numu_text what,
                            struct numu_signer *out) {
    uint8_t seed[NUMU_KEY_SEED_BYTES] = {0};
    (void)snprintf((char *)seed, sizeof seed, "simulation %" PRIu64 " %.*s", maker->context->seed,
                   (int)what.length, what.data);
    return numu_signer_of_seed(name, seed, out);
}

static numu_status make_keys(struct maker *maker) {
    NUMU_TRY(make_key(maker, NUMU_TEXT("sim-root"), NUMU_TEXT("root"), &maker->root));
    for (size_t i = 0; i < 2; i++) {
        struct numu_text name = maker->setup.administrators[i];
        NUMU_TRY(make_key(maker, name, name, &maker->administrators[i]));
        maker->setup.administrator_keys[i] = &maker->administrators[i];
    }
    for (size_t site = 0; site < maker->setup.site_count; site++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%zu", site);
        NUMU_TRY(
            make_key(maker, maker->sites[site].id, numu_text_of(number), &maker->signers[site]));
        maker->sites[site].signer = &maker->signers[site];
    }
    return NUMU_OK;
}

/* One certificate, of a key that is somebody's or a site's. */
static numu_status certify(struct maker *maker, struct numu_certificate certificate,
                           const struct numu_signer *of, struct numu_buffer *notes) {
    struct numu_buffer key;
    certificate.ledger = NUMU_TEXT("national");
    certificate.issued = (numu_instant)maker->request->start * 24 * 60 * 60;
    certificate.until = NUMU_NO_DAY;
    numu_buffer_init(&key, maker->context->heap, 0);
    numu_status status = numu_public_key_write(&of->public_key, &key);
    if (status == NUMU_OK) {
        certificate.key = (struct numu_text){key.data, key.length};
        status = numu_certificate_write(&certificate, &maker->root, notes);
    }
    numu_buffer_release(&key);
    return status;
}

/* What the root signed for the book of a site. */
static numu_status certify_all(struct maker *maker, size_t site, struct numu_buffer *notes) {
    const struct numu_certificate of_site = {.type = NUMU_CERTIFICATE_site,
                                             .id = maker->sites[site].id};
    NUMU_TRY(certify(maker, of_site, &maker->signers[site], notes));
    for (size_t i = 0; i < 2; i++) {
        const struct numu_certificate of_person = {.type = NUMU_CERTIFICATE_person,
                                                   .id = maker->setup.administrators[i],
                                                   .roles = NUMU_TEXT("administrator")};
        NUMU_TRY(certify(maker, of_person, &maker->administrators[i], notes));
    }
    return NUMU_OK;
}

/* --- books --- */

static numu_status cannot_write(struct maker *maker, const char *path, const char *why) {
    numu_app_tell_string(maker->report, NUMU_CODE_CANNOT_WRITE, path, why);
    return NUMU_IO;
}

static numu_status path_of(struct maker *maker, struct numu_text name, char **out) {
    struct numu_text file;
    NUMU_TRY(numu_text_printf(maker->arena, &file, "%.*s.db", (int)name.length, name.data));
    return numu_path_join(maker->arena, numu_text_of(maker->request->folder), file, out);
}

/* The registers of the model, and five people that the simulation needs everywhere. */
static numu_status write_drafts(struct maker *maker, size_t site, struct numu_text root,
                                struct numu_text certificates, struct numu_buffer *drafts) {
    char time[NUMU_INSTANT_TEXT_BYTES];
    const struct numu_registers_request request = {.model = maker->model,
                                                   .by = NUMU_TEXT("init"),
                                                   .site = maker->sites[site].id,
                                                   .now = (numu_instant)maker->request->start * 24 *
                                                          60 * 60,
                                                   .site_key = &maker->signers[site].public_key,
                                                   .root = root,
                                                   .certificates = certificates};
    struct numu_report report; /* of the model's own people, who act in no simulation */
    numu_report_init(&report, maker->context->heap, 0);
    numu_status status = numu_app_ledger_registers(&request, maker->arena, &report, drafts);
    numu_report_release(&report);
    NUMU_TRY(status);
    return numu_buffer_printf(
        drafts,
        "{\"type\":\"register\",\"by\":\"init\",\"key\":\"register-sim\",\"time\":\"%s\","
        "\"register\":{\"people\":[{\"id\":\"sim_keeper\",\"roles\":\"storekeeper\"},"
        "{\"id\":\"sim_inspector\",\"roles\":\"inspector\"},"
        "{\"id\":\"sim_approver\",\"roles\":\"approver\"},"
        "{\"id\":\"sim_registrar\",\"roles\":\"registrar\"},"
        "{\"id\":\"sim_helper\",\"roles\":\"storekeeper\"}]}}\n",
        numu_instant_format(request.now, time));
}

static numu_status write_registers(struct maker *maker, size_t site, struct numu_buffer *drafts) {
    struct numu_buffer root;
    struct numu_buffer notes;
    numu_buffer_init(&root, maker->context->heap, 0);
    numu_buffer_init(&notes, maker->context->heap, 0);
    numu_status status = numu_public_key_write(&maker->root.public_key, &root);
    if (status == NUMU_OK) {
        status = certify_all(maker, site, &notes);
    }
    if (status == NUMU_OK) {
        status = write_drafts(maker, site, (struct numu_text){root.data, root.length},
                              (struct numu_text){notes.data, notes.length}, drafts);
    }
    numu_buffer_release(&root);
    numu_buffer_release(&notes);
    return status;
}

static numu_status open_book(struct maker *maker, size_t site) {
    struct numu_store store;
    struct numu_buffer drafts;
    numu_store_problem problem;
    char *path;
    NUMU_TRY(path_of(maker, maker->sites[site].id, &path));
    numu_status status = numu_store_sqlite_open(maker->context->heap, path, NUMU_STORE_CREATE, NULL,
                                                &store, &problem);
    if (status == NUMU_IO || status == NUMU_INVALID) {
        return cannot_write(maker, path, errno != 0 ? strerror(errno) : "");
    }
    NUMU_TRY(status);
    NUMU_TRY(numu_ledger_init(maker->context->heap, store, NUMU_TEXT("national"),
                              maker->sites[site].id, &maker->books[site]));
    maker->open_count = site + 1;
    maker->sites[site].ledger = &maker->books[site];
    numu_buffer_init(&drafts, maker->context->heap, 0);
    status = write_registers(maker, site, &drafts);
    if (status == NUMU_OK) {
        status = numu_app_ledger_record_registers(
            &maker->books[site], (numu_instant)maker->request->start * 24 * 60 * 60,
            &maker->signers[site], (struct numu_text){drafts.data, drafts.length}, maker->report);
    }
    numu_buffer_release(&drafts);
    return status;
}

/* --- truth --- */

static const char *const fault_words[NUMU_FAULT_KIND_COUNT] = {
    [NUMU_FAULT_THEFT] = "word.fault_theft",
    [NUMU_FAULT_SHORT] = "word.fault_short",
    [NUMU_FAULT_OVER] = "word.fault_over",
    [NUMU_FAULT_SWAPPED] = "word.fault_swapped",
    [NUMU_FAULT_MISTYPED] = "word.fault_mistyped",
    [NUMU_FAULT_REPEAT] = "word.fault_repeat",
    [NUMU_FAULT_UNRELEASED] = "word.fault_unreleased",
    [NUMU_FAULT_LATE] = "word.fault_late",
    [NUMU_FAULT_BACKDATED] = "word.fault_backdated",
    [NUMU_FAULT_CLOCK] = "word.fault_clock",
    [NUMU_FAULT_MOVED_ON] = "word.fault_moved_on",
    [NUMU_FAULT_COUNT_MOVED] = "word.fault_count_moved",
    [NUMU_FAULT_CLOSED_TWICE] = "word.fault_closed_twice",
    [NUMU_FAULT_STICK] = "word.fault_stick",
    [NUMU_FAULT_BACKUP] = "word.fault_backup",
    [NUMU_FAULT_REVOKED] = "word.fault_revoked",
    [NUMU_FAULT_DISMISSED] = "word.fault_dismissed",
    [NUMU_FAULT_COLLUSION] = "word.fault_collusion",
    [NUMU_FAULT_TRAINING] = "word.fault_training",
    [NUMU_FAULT_CLONE] = "word.fault_clone",
    [NUMU_FAULT_USURPER] = "word.fault_usurper",
};

static const char *const sign_words[NUMU_SIGN_COUNT_OF] = {
    [NUMU_SIGN_NONE] = "word.sign_none",   [NUMU_SIGN_DOOR] = "word.sign_door",
    [NUMU_SIGN_COUNT] = "word.sign_count", [NUMU_SIGN_MOVEMENT] = "word.sign_movement",
    [NUMU_SIGN_DOUBT] = "word.sign_doubt", [NUMU_SIGN_FORK] = "word.sign_fork",
    [NUMU_SIGN_NEXT] = "word.sign_next",   [NUMU_SIGN_EPOCH] = "word.sign_epoch",
    [NUMU_SIGN_ROOT] = "word.sign_root",
};

static numu_status put_truth(struct maker *maker, struct numu_store *store,
                             const struct numu_simulation_result *result) {
    struct numu_text key;
    struct numu_text value;
    for (size_t i = 0; i < result->thing_count; i++) {
        const struct numu_true_thing *thing = &result->things[i];
        struct numu_text site = maker->sites[thing->site].id;
        if (thing->physical == 0) {
            continue;
        }
        NUMU_TRY(numu_text_printf(maker->arena, &key, "physical\t%.*s\t%.*s\t%.*s\t%.*s",
                                  (int)site.length, site.data, (int)thing->account.length,
                                  thing->account.data, (int)thing->item.length, thing->item.data,
                                  (int)thing->object.length, thing->object.data));
        NUMU_TRY(numu_text_printf(maker->arena, &value, "%" PRId64, thing->physical));
        NUMU_TRY(store->port->put(store->self, NUMU_SPACE_BOOK, key, value));
    }
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct numu_planted_fault *fault = &result->faults[i];
        struct numu_text site = maker->sites[fault->site].id;
        char number[24];
        char day[NUMU_DAY_TEXT_BYTES];
        NUMU_TRY(numu_text_printf(maker->arena, &key, "fault\t%s",
                                  numu_sequence_text((int64_t)i, number).data));
        NUMU_TRY(numu_text_printf(
            maker->arena, &value, "%s\t%s\t%.*s\t%.*s\t%.*s\t%" PRId64 "\t%s",
            fault_words[fault->kind] + sizeof "word.fault_" - 1, numu_day_format(fault->day, day),
            (int)site.length, site.data, (int)fault->item.length,
            fault->item.length == 0 ? "" : fault->item.data, (int)fault->object.length,
            fault->object.length == 0 ? "" : fault->object.data, fault->quantity,
            sign_words[fault->sign] + sizeof "word.sign_" - 1));
        NUMU_TRY(store->port->put(store->self, NUMU_SPACE_BOOK, key, value));
    }
    return NUMU_OK;
}

static numu_status write_truth(struct maker *maker, const struct numu_simulation_result *result) {
    struct numu_store store;
    numu_store_problem problem;
    char *path;
    NUMU_TRY(path_of(maker, NUMU_TEXT("truth"), &path));
    numu_status status = numu_store_sqlite_open(maker->context->heap, path, NUMU_STORE_CREATE, NULL,
                                                &store, &problem);
    if (status == NUMU_IO || status == NUMU_INVALID) {
        return cannot_write(maker, path, errno != 0 ? strerror(errno) : "");
    }
    NUMU_TRY(status);
    status = store.port->begin(store.self);
    if (status == NUMU_OK) {
        status = put_truth(maker, &store, result);
    }
    if (status == NUMU_OK) {
        status = store.port->commit(store.self);
    }
    numu_status closed = store.port->close(store.self);
    return status != NUMU_OK ? status : closed;
}

static numu_status list_faults(struct maker *maker, const struct numu_simulation_result *result,
                               struct numu_sheet *out) {
    static const char *const facts[] = {"events", "refused", "repeated", NULL};
    out->fact_names = facts;
    out->facts[0] = numu_argument_integer((int64_t)result->events);
    out->facts[1] = numu_argument_integer((int64_t)result->refused);
    out->facts[2] = numu_argument_integer((int64_t)result->repeated);
    for (size_t i = 0; i < result->fault_count; i++) {
        const struct numu_planted_fault *fault = &result->faults[i];
        if (fault->kind == NUMU_FAULT_REPEAT) {
            continue; /* counted above */
        }
        NUMU_TRY(numu_sheet_add(out, numu_argument_day(fault->day)));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(fault_words[fault->kind])));
        NUMU_TRY(numu_sheet_add_text(out, maker->sites[fault->site].id));
        NUMU_TRY(numu_sheet_add_text(out, fault->item));
        NUMU_TRY(numu_sheet_add_text(out, fault->object));
        NUMU_TRY(numu_sheet_add_quantity(out, fault->quantity));
        NUMU_TRY(numu_sheet_add_text(out, numu_text_of(sign_words[fault->sign])));
    }
    return NUMU_OK;
}

static numu_status simulate(struct maker *maker, struct numu_sheet *out) {
    struct numu_simulation_result result;
    NUMU_TRY(plan_setup(maker));
    if (maker->setup.recipe_count == 0) {
        struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
        numu_app_tell(maker->report, NUMU_CODE_NOTHING_TO_SIMULATE, none, none);
        return NUMU_INVALID;
    }
    if (mkdir(maker->request->folder, 0777) != 0) {
        return cannot_write(maker, maker->request->folder, strerror(errno));
    }
    NUMU_TRY(make_keys(maker));
    for (size_t site = 0; site < maker->setup.site_count; site++) {
        NUMU_TRY(open_book(maker, site));
    }
    NUMU_TRY(numu_simulation_run(maker->context, &maker->setup, maker->arena, &result));
    numu_status status = numu_simulation_check(&maker->setup, &result, maker->arena);
    NUMU_TRY(status == NUMU_INVALID ? NUMU_BUG : status);
    NUMU_TRY(write_truth(maker, &result));
    return list_faults(maker, &result, out);
}

numu_status numu_app_ledger_simulate(const struct numu_context *context,
                                     const struct numu_ledger_simulate_request *request,
                                     const struct numu_model *model, struct numu_report *report,
                                     struct numu_arena *arena, struct numu_sheet *out) {
    static const char *const columns[] = {"day",    "fault",    "site",     "item",
                                          "object", "quantity", "shown_by", NULL};
    struct maker *maker;
    numu_sheet_init(out, context->heap, "numu.ledger.simulation/1", "faults", columns);
    NUMU_TRY(NUMU_TAKE(arena, &maker, 1));
    maker->context = context;
    maker->request = request;
    maker->model = model;
    maker->report = report;
    maker->arena = arena;
    numu_status status = simulate(maker, out);
    for (size_t site = 0; site < maker->open_count; site++) {
        numu_status closed = numu_ledger_close(&maker->books[site]);
        status = status == NUMU_OK ? closed : status;
    }
    for (size_t site = 0; site < SITES_MAX; site++) {
        numu_signer_release(&maker->signers[site]);
    }
    numu_signer_release(&maker->root);
    numu_signer_release(&maker->administrators[0]);
    numu_signer_release(&maker->administrators[1]);
    return status;
}
