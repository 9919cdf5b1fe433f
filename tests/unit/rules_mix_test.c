/*
 * Goal: the matrix of 49 CFR 176.144 and its notes for all 13 × 13 pairs; whole loads judged after
 * their pairs; what was not read in full is not determined.
 * Method: the table of tests/data/storage for every pair, each with forms known and unknown; loads
 * written down by hand from the notes; order and company never make a load more allowed.
 */
#include "rules/mix.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules_builtin.h"

enum { SEED = 176, ROUNDS = 4000 };

struct fixture {
    struct rules_fixture rules;
    struct numu_ruleset set;
    char cell[NUMU_GROUPS][NUMU_GROUPS]; /* of the table: 'X', ' ' or a digit */
};

static int set_up(void **state) {
    static struct fixture fixture;
    rules_set_up(&fixture.rules);
    rules_read_builtin(&fixture.rules, "us-49cfr176", &fixture.set);
    FILE *file = rules_open_table("cg_matrix_49cfr176_144.csv");
    char line[256];
    int count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uint8_t row = numu_group_of(line[0]);
        if (line[1] != ',' || row == NUMU_NO_GROUP) {
            continue;
        }
        const char *at = line + 1;
        for (size_t column = 0; column < NUMU_GROUPS; column++) {
            at++;
            bool is_blank = *at == ',' || *at == '\n' || *at == '\r' || *at == '\0';
            fixture.cell[row][column] = is_blank ? ' ' : *at;
            at += is_blank ? 0 : 1;
        }
        count++;
    }
    (void)fclose(file);
    assert_int_equal(count, NUMU_GROUPS);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    rules_tear_down(&fixture->rules);
    return 0;
}

static struct numu_mix_goods goods_of(const char *code, uint8_t forms, uint32_t identity) {
    struct numu_mix_goods goods = {.forms = forms, .identity = identity};
    assert_true(numu_classification_parse(numu_text_of(code), &goods.hazard, &goods.group));
    return goods;
}

/* What the table and its notes say of two different goods. */
static numu_mix_verdict expected_of(char cell, uint8_t forms) {
    switch (cell) {
    case 'X':
    case '2': /* identical only, and these are not */
        return NUMU_MIX_APART;
    case '1': /* articles, and no substance */
        return forms == 0                     ? NUMU_MIX_NOT_DETERMINED
               : forms == NUMU_FORM_SUBSTANCE ? NUMU_MIX_APART
                                              : NUMU_MIX_TOGETHER;
    case '6': /* articles; of substances it was not read in full */
        return forms == NUMU_FORM_ARTICLE ? NUMU_MIX_TOGETHER : NUMU_MIX_NOT_DETERMINED;
    default:
        return NUMU_MIX_TOGETHER;
    }
}

static void every_pair(void **state) {
    struct fixture *fixture = *state;
    static const uint8_t forms[] = {0, NUMU_FORM_ARTICLE, NUMU_FORM_SUBSTANCE};
    for (uint8_t a = 0; a < NUMU_GROUPS; a++) {
        for (uint8_t b = 0; b < NUMU_GROUPS; b++) {
            assert_int_equal(fixture->cell[a][b], fixture->cell[b][a]);
            for (size_t i = 0; i < 3; i++) {
                const struct numu_mix_goods goods[2] = {{NUMU_HAZARD_1_2, a, forms[i], 1},
                                                        {NUMU_HAZARD_1_2, b, forms[i], 2}};
                char cell = fixture->cell[a][b];
                numu_mix_verdict expected = expected_of(cell, forms[i]);
                if (cell == '4') { /* N counts as D; D with C and E is note 6 */
                    bool is_d = a == numu_group_of('D') || b == numu_group_of('D');
                    expected = is_d ? NUMU_MIX_TOGETHER : expected_of('6', forms[i]);
                }
                struct numu_mix_result result = numu_mix(&fixture->set.matrix, goods, 2, false);
                if (result.verdict != expected) {
                    fail_msg("%c with %c, form %u: %d", numu_group_letters[a],
                             numu_group_letters[b], forms[i], (int)result.verdict);
                }
            }
        }
    }
}

static void notes_of_the_table(void **state) {
    struct fixture *fixture = *state;
    const struct numu_matrix *matrix = &fixture->set.matrix;
    struct numu_mix_result result;
    const uint8_t article = NUMU_FORM_ARTICLE;
    const uint8_t substance = NUMU_FORM_SUBSTANCE;

    /* 1: a substance anywhere in the load bars it; so do fireworks. */
    struct numu_mix_goods three[3] = {goods_of("1.3G", article, 1), goods_of("1.1D", article, 2),
                                      goods_of("1.4S", substance, 3)};
    result = numu_mix(matrix, three, 3, false);
    assert_int_equal(result.verdict, NUMU_MIX_APART);
    assert_true(numu_text_is(matrix->note[result.note].id, "1"));
    three[2].forms = article;
    assert_int_equal(numu_mix(matrix, three, 3, false).verdict, NUMU_MIX_TOGETHER);
    three[0].forms = article | NUMU_FORM_FIREWORKS;
    assert_int_equal(numu_mix(matrix, three, 3, false).verdict, NUMU_MIX_APART);

    /* 2: identical goods of L only. */
    struct numu_mix_goods two[2] = {goods_of("1.2L", article, 7), goods_of("1.2L", article, 7)};
    assert_int_equal(numu_mix(matrix, two, 2, false).verdict, NUMU_MIX_TOGETHER);
    two[1].identity = 8;
    assert_int_equal(numu_mix(matrix, two, 2, false).verdict, NUMU_MIX_APART);

    /* 3: different articles 1.6N count as 1.1 unless proved otherwise. */
    struct numu_mix_goods n[2] = {goods_of("1.6N", article, 1), goods_of("1.6N", article, 2)};
    result = numu_mix(matrix, n, 2, false);
    assert_int_equal(result.verdict, NUMU_MIX_TOGETHER);
    assert_int_equal(result.hazard_as, NUMU_HAZARD_1_1);
    assert_int_equal(numu_mix(matrix, n, 2, true).hazard_as, NUMU_NO_HAZARD);

    /* 4 and 6: N counts as D, and articles of C and D count as E. */
    struct numu_mix_goods cn[2] = {goods_of("1.2C", article, 1), goods_of("1.6N", article, 2)};
    result = numu_mix(matrix, cn, 2, false);
    assert_int_equal(result.verdict, NUMU_MIX_TOGETHER);
    assert_int_equal(result.group_as, numu_group_of('E'));
    /* 5: N with S counts as N. */
    struct numu_mix_goods ns[2] = {goods_of("1.6N", article, 1), goods_of("1.4S", article, 2)};
    result = numu_mix(matrix, ns, 2, false);
    assert_int_equal(result.verdict, NUMU_MIX_TOGETHER);
    assert_int_equal(result.group_as, numu_group_of('N'));
    /* 4 against 5: two notes make the same goods different things. */
    struct numu_mix_goods nds[3] = {goods_of("1.6N", article, 1), goods_of("1.1D", article, 2),
                                    goods_of("1.4S", article, 3)};
    result = numu_mix(matrix, nds, 3, false);
    assert_int_equal(result.verdict, NUMU_MIX_NOT_DETERMINED);
    assert_int_equal(result.reason, NUMU_MIX_CONTRADICTS);

    /* 6: substances of C and D: cut off where it was read. */
    struct numu_mix_goods cd[2] = {goods_of("1.3C", substance, 1), goods_of("1.1D", substance, 2)};
    result = numu_mix(matrix, cd, 2, false);
    assert_int_equal(result.verdict, NUMU_MIX_NOT_DETERMINED);
    assert_int_equal(result.reason, NUMU_MIX_NOT_READ);
    cd[0].forms = 0;
    assert_int_equal(numu_mix(matrix, cd, 2, false).reason, NUMU_MIX_NEEDS_FORM);
}

static void set_without_matrix_says_nothing(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    rules_read_builtin(&fixture->rules, "us-14cfr420", &set);
    const struct numu_mix_goods goods[2] = {goods_of("1.4S", 0, 1), goods_of("1.4S", 0, 2)};
    assert_int_equal(numu_mix(&set.matrix, goods, 2, false).verdict, NUMU_MIX_NOT_DETERMINED);
}

/* How far a verdict is from yes. */
static int strictness(numu_mix_verdict verdict) {
    return verdict == NUMU_MIX_TOGETHER ? 0 : verdict == NUMU_MIX_NOT_DETERMINED ? 1 : 2;
}

/* The order of goods changes nothing, and what may not lie together does not by adding more. */
static void order_and_company(void **state) {
    struct fixture *fixture = *state;
    const struct numu_matrix *matrix = &fixture->set.matrix;
    static const uint8_t forms[] = {0, NUMU_FORM_ARTICLE, NUMU_FORM_SUBSTANCE,
                                    NUMU_FORM_ARTICLE | NUMU_FORM_FIREWORKS};
    struct numu_random random;
    print_message("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_mix_goods goods[6];
        struct numu_mix_goods back[6];
        size_t count = 2 + numu_random_below(&random, 5);
        for (size_t i = 0; i < count; i++) {
            goods[i] = (struct numu_mix_goods){
                NUMU_HAZARD_1_1, (uint8_t)numu_random_below(&random, NUMU_GROUPS),
                forms[numu_random_below(&random, 4)], (uint32_t)numu_random_below(&random, 3)};
            back[count - 1 - i] = goods[i];
        }
        numu_mix_verdict verdict = numu_mix(matrix, goods, count, false).verdict;
        assert_int_equal(verdict, numu_mix(matrix, back, count, false).verdict);
        numu_mix_verdict fewer = numu_mix(matrix, goods, count - 1, false).verdict;
        if (fewer == NUMU_MIX_APART) {
            assert_true(strictness(verdict) > 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(notes_of_the_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(set_without_matrix_says_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(order_and_company, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
