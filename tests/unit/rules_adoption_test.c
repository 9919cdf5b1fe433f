/*
 * Goal: an adoption stands for a row as it is, by whoever signed it, on that day, in that set; and
 * for nothing else. Memory that fails anywhere, in reading sets and adoptions, leaves nothing.
 * Method: a row adopted; then its set, its day and its signature changed one by one; each
 * allocation failing.
 */
#include "rules/adoption.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules_builtin.h"

struct fixture {
    struct rules_fixture rules;
    struct numu_ruleset set;
    struct numu_signer signer;
    struct numu_buffer file;
};

static int set_up(void **state) {
    static struct fixture fixture;
    static const uint8_t seed[NUMU_KEY_SEED_BYTES] = {7};
    rules_set_up(&fixture.rules);
    rules_read_builtin(&fixture.rules, "us-14cfr420", &fixture.set);
    assert_int_equal(numu_signer_of_seed(NUMU_TEXT("officer"), seed, &fixture.signer), NUMU_OK);
    numu_buffer_init(&fixture.file, &fixture.rules.heap, 0);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_buffer_release(&fixture->file);
    numu_signer_release(&fixture->signer);
    rules_tear_down(&fixture->rules);
    return 0;
}

static const numu_day signed_on = 20000;

/* The file of one adoption, of row 0. */
static void adopt(struct fixture *fixture) {
    struct numu_adoption adoption;
    assert_int_equal(numu_adoption_sign(&fixture->rules.arena, &fixture->set, 0, &fixture->signer,
                                        signed_on, &adoption),
                     NUMU_OK);
    struct numu_adoptions adoptions = {&adoption, 1};
    assert_int_equal(numu_adoptions_write(&fixture->set, &adoptions, &fixture->file), NUMU_OK);
}

static numu_status read_into(struct fixture *fixture, const struct numu_ruleset *set,
                             struct numu_adoptions *out) {
    return numu_adoptions_read(&fixture->rules.arena,
                               (struct numu_text){fixture->file.data, fixture->file.length}, 0, set,
                               NUMU_NO_DAY, &fixture->rules.report, out);
}

static numu_adoption_state state_of(struct fixture *fixture, const struct numu_ruleset *set) {
    struct numu_adoptions adoptions;
    assert_int_equal(read_into(fixture, set, &adoptions), NUMU_OK);
    assert_int_equal(adoptions.count, 1);
    bool is_found = numu_adoption_find(&adoptions, 0) != NULL;
    assert_int_equal(is_found, adoptions.list[0].state == NUMU_ADOPTION_VALID);
    return adoptions.list[0].state;
}

/* Changes a character of the file where a text stands, some way after its start. */
static void spoil(struct fixture *fixture, const char *where, size_t after) {
    struct numu_text text = {fixture->file.data, fixture->file.length};
    size_t at = numu_text_find(text, numu_text_of(where), 0);
    assert_true(at != SIZE_MAX);
    char *c = &fixture->file.data[at + after];
    *c = *c == '1' ? '2' : '1';
}

static void what_was_signed_is_valid(void **state) {
    struct fixture *fixture = *state;
    adopt(fixture);
    assert_int_equal(state_of(fixture, &fixture->set), NUMU_ADOPTION_VALID);
}

static void an_edit_voids_it(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset edited = fixture->set;
    struct numu_rule_row rows[2] = {fixture->set.row[0], fixture->set.row[1]};
    adopt(fixture);
    rows[0].digest.bytes[0] ^= 1;
    edited.row = rows;
    edited.row_count = 2;
    assert_int_equal(state_of(fixture, &edited), NUMU_ADOPTION_VOID);
    edited.row = rows + 1; /* the row is gone */
    edited.row_count = 1;
    assert_int_equal(state_of(fixture, &edited), NUMU_ADOPTION_VOID);
}

static void what_was_not_signed_is_forged(void **state) {
    struct fixture *fixture = *state;
    adopt(fixture);
    spoil(fixture, "\"signed\":", sizeof "\"signed\": \"2024-1" - 1); /* another day */
    assert_int_equal(state_of(fixture, &fixture->set), NUMU_ADOPTION_FORGED);
    numu_buffer_clear(&fixture->file);
    adopt(fixture);
    spoil(fixture, "\"sha256\":", sizeof "\"sha256\": \"" - 1);
    assert_int_equal(state_of(fixture, &fixture->set), NUMU_ADOPTION_FORGED);
    numu_buffer_clear(&fixture->file);
    adopt(fixture);
    spoil(fixture, "\"signature\":", sizeof "\"signature\": \"" - 1);
    assert_int_equal(state_of(fixture, &fixture->set), NUMU_ADOPTION_FORGED);
}

/* [A3] The file of an adoption of row 0, what another key says of it, and a revocation on a day. */
static void revoke(struct fixture *fixture, const struct numu_signer *by, numu_day day,
                   bool is_adopted_again) {
    struct numu_adoption list[3];
    size_t count = 2;
    assert_int_equal(numu_adoption_sign(&fixture->rules.arena, &fixture->set, 0, &fixture->signer,
                                        signed_on, &list[0]),
                     NUMU_OK);
    assert_int_equal(
        numu_revocation_sign(&fixture->rules.arena, &fixture->set, 0, by, day, &list[1]), NUMU_OK);
    if (is_adopted_again) {
        list[count++] = list[0];
    }
    struct numu_adoptions adoptions = {list, count};
    numu_buffer_clear(&fixture->file);
    assert_int_equal(numu_adoptions_write(&fixture->set, &adoptions, &fixture->file), NUMU_OK);
}

static bool is_adopted_on(struct fixture *fixture, numu_day day) {
    struct numu_adoptions adoptions;
    struct numu_text file = {fixture->file.data, fixture->file.length};
    assert_int_equal(numu_adoptions_read(&fixture->rules.arena, file, 0, &fixture->set, day,
                                         &fixture->rules.report, &adoptions),
                     NUMU_OK);
    return numu_adoption_find(&adoptions, 0) != NULL;
}

static void a_revocation_ends_it(void **state) {
    struct fixture *fixture = *state;
    struct numu_signer other;
    static const uint8_t seed[NUMU_KEY_SEED_BYTES] = {8};
    numu_day last = signed_on + 99;
    revoke(fixture, &fixture->signer, last + 1, false);
    assert_true(is_adopted_on(fixture, last));
    assert_false(is_adopted_on(fixture, last + 1));
    assert_false(is_adopted_on(fixture, NUMU_NO_DAY)); /* whatever its day is */
    struct numu_text file = {fixture->file.data, fixture->file.length};
    size_t at = numu_text_find(file, NUMU_TEXT("revokes"), 0);
    at = numu_text_find(file, NUMU_TEXT("\"signed\""), at) + sizeof "\"signed\": \"202" - 1;
    fixture->file.data[at] = fixture->file.data[at] == '4' ? '5' : '4';
    assert_true(is_adopted_on(fixture, last + 1)); /* forged: it counts for nothing */
    revoke(fixture, &fixture->signer, last + 1, true);
    assert_true(is_adopted_on(fixture, last + 1)); /* adopted anew */
    assert_int_equal(numu_signer_of_seed(NUMU_TEXT("officer"), seed, &other), NUMU_OK);
    revoke(fixture, &other, last + 1, false);
    assert_true(is_adopted_on(fixture, last + 1)); /* not by its own key */
    numu_signer_release(&other);
}

static void another_set_has_others(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset other;
    struct numu_adoptions adoptions;
    adopt(fixture);
    rules_read_builtin(&fixture->rules, "us-27cfr555", &other);
    assert_int_equal(read_into(fixture, &other, &adoptions), NUMU_INVALID);
    assert_int_equal(fixture->rules.report.counts[NUMU_CODE_BAD_ADOPTION], 1);
}

/* Reading a set, signing, writing and reading an adoption, each allocation failing in turn. */
static numu_status do_all(struct fixture *fixture, struct numu_arena *arena,
                          struct numu_buffer *file, struct numu_adoptions *out) {
    const struct numu_builtin_rules *builtin = numu_builtin_rules;
    struct numu_text bytes = {(const char *)builtin->bytes, builtin->length};
    struct numu_ruleset set;
    struct numu_adoption adoption;
    struct numu_adoptions adoptions = {&adoption, 1};
    NUMU_TRY(numu_ruleset_read(arena, bytes, 0, &fixture->rules.report, &set));
    NUMU_TRY(numu_adoption_sign(arena, &set, 0, &fixture->signer, signed_on, &adoption));
    NUMU_TRY(numu_adoptions_write(&set, &adoptions, file));
    return numu_adoptions_read(arena, (struct numu_text){file->data, file->length}, 0, &set,
                               NUMU_NO_DAY, &fixture->rules.report, out);
}

static void without_memory(void **state) {
    struct fixture *fixture = *state;
    struct numu_heap *heap = &fixture->rules.heap;
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_arena arena;
        struct numu_buffer file;
        struct numu_adoptions adoptions = {.count = 0};
        uint_fast64_t before = heap->bytes;
        numu_arena_init(&arena, heap);
        numu_buffer_init(&file, heap, 0);
        heap->fail_at = heap->count + n;
        numu_status status = do_all(fixture, &arena, &file, &adoptions);
        heap->fail_at = 0;
        is_done = status == NUMU_OK;
        assert_true(is_done ? adoptions.count == 1 && n > 10 : status == NUMU_MEMORY);
        assert_true(!is_done || adoptions.list[0].state == NUMU_ADOPTION_VALID);
        numu_buffer_release(&file);
        numu_arena_release(&arena);
        assert_int_equal(heap->bytes, before);
        assert_true(is_done || n < 5000);
    }
    assert_int_equal(numu_report_total(&fixture->rules.report, NUMU_ERROR), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_was_signed_is_valid),      TEST(an_edit_voids_it),
        TEST(what_was_not_signed_is_forged), TEST(a_revocation_ends_it),
        TEST(another_set_has_others),        TEST(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
