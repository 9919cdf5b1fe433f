/*
 * rules_name_test.c - goal: names that are the same are alike whatever their script, order and
 * marks, and others are not. Method: pairs by hand whose answer a person would not doubt (nobody
 * real); properties on random names with a printed seed: symmetry, order, case, marks.
 */
#include "rules/name.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { SEED = 11, ROUNDS = 3000 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_latin *latin;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    assert_int_equal(numu_latin_open(&fixture.latin), NUMU_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_latin_close(fixture->latin);
    numu_arena_release(&fixture->arena);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static double score_of(struct fixture *fixture, const char *a, const char *b, numu_party party) {
    struct numu_name first, second;
    assert_int_equal(numu_name_read(fixture->latin, numu_text_of(a), &fixture->arena, &first),
                     NUMU_OK);
    assert_int_equal(numu_name_read(fixture->latin, numu_text_of(b), &fixture->arena, &second),
                     NUMU_OK);
    return numu_name_compare(&first, &second, party).score;
}

static void same_names(void **state) {
    static const struct {
        const char *a, *b;
        numu_party party;
    } pairs[] = {
        {"Bokari Ould Tessalit", "TESSALIT, Bokari", NUMU_PARTY_PERSON},
        {"Muhammad al-Tessaliti", "Mohamed Altessaliti", NUMU_PARTY_PERSON},
        {"Abdul Rahman Tessaliti", "Abdurrahman Tessaliti", NUMU_PARTY_PERSON},
        {"Захар Островских", "Zakhar Ostrovskikh", NUMU_PARTY_PERSON},
        {"محمد التسليتي", "Mohamed Tessaliti", NUMU_PARTY_PERSON},
        {"习远平", "Xi Yuanping", NUMU_PARTY_PERSON},
        {"Γεώργιος Λαμπρίδης", "Georgios Lampridis", NUMU_PARTY_PERSON},
        {"Zakhar Ostrovskikh", "Zahkar Ostrovskih", NUMU_PARTY_PERSON},
        {"Z. Ostrovskikh", "Zakhar Ostrovskikh", NUMU_PARTY_PERSON},
        {"Quartz Dune Trading Company Ltd", "QUARTZ DUNE TRADING CO. LIMITED", NUMU_PARTY_COMPANY},
        {"Sahara Iron S.A.R.L.", "Sahara Iron", NUMU_PARTY_COMPANY},
        {"OOO Severny Kvarts", "Severnyy Kvarts LLC", NUMU_PARTY_COMPANY},
        {"M/V Ocean Star 5", "OCEAN STAR 5", NUMU_PARTY_VESSEL},
        {"Oleksandr Ostrovskikh", "OSTROVSKIKH, Alexander Petrovich", NUMU_PARTY_PERSON},
        {"Siarhei Ostrovskikh", "Sergey Ostrovskikh", NUMU_PARTY_PERSON},
        {"Abderrahmane Tessaliti", "ABD AL-RAHMAN, Tessaliti", NUMU_PARTY_PERSON},
        {"Nureddine Tessaliti", "Nur al-Din Tessaliti", NUMU_PARTY_PERSON},
        {"Altessaliti, Karim", "TESSALITI, Karim", NUMU_PARTY_PERSON},
        {"Chang Quartzhi", "Zhang Quartzhi", NUMU_PARTY_PERSON},
        {"عبد الله التسليتي", "Abdullah Tessaliti", NUMU_PARTY_PERSON},
        {"عمر التسليتي", "Omar al-Tessaliti", NUMU_PARTY_PERSON},
        {"Quartzstroymontazh", "Limited Liability Company Quartzstroymontazh", NUMU_PARTY_COMPANY},
        {"Quartz Dune Bank", "Banque Quartz Dune S.A.", NUMU_PARTY_COMPANY},
        {"Quartz Dune Industries", "Quartz Dune Industrial Co.", NUMU_PARTY_COMPANY},
        {"Quartz Dune Army of the North (QDAN)", "Quartz Dune Army of the North",
         NUMU_PARTY_COMPANY},
        {"QDAM", "Quartz Dune Army of Marble", NUMU_PARTY_COMPANY},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double score = score_of(*state, pairs[i].a, pairs[i].b, pairs[i].party);
        if (score < 0.8) {
            fail_msg("%s ~ %s: %.3f", pairs[i].a, pairs[i].b, score);
        }
    }
}

static void other_names(void **state) {
    static const struct {
        const char *a, *b;
        numu_party party;
    } pairs[] = {
        {"Mariam Keita", "Jean Dupont", NUMU_PARTY_PERSON},
        {"Mohamed Tessaliti", "Mohamed Ostrovskikh", NUMU_PARTY_PERSON},
        {"Zakhar Ostrovskikh", "Zakhar Petrenko", NUMU_PARTY_PERSON},
        {"Mohamed Ahmed", "Ahmed Ali Hassan Omar", NUMU_PARTY_PERSON},
        {"Quartz Dune Trading Company Ltd", "Marble Coast Trading Company Ltd", NUMU_PARTY_COMPANY},
        {"Northern Shipping Bank", "Southern Shipping Bank", NUMU_PARTY_COMPANY},
        {"Ocean Star 5", "Ocean Star 7", NUMU_PARTY_VESSEL},
        {"Factory No. 14", "Factory No. 41", NUMU_PARTY_COMPANY},
        {"YV1003", "YV1004", NUMU_PARTY_VESSEL},
        {"77th Quartz Dune Regiment", "99th Marble Dune Regiment", NUMU_PARTY_COMPANY},
        {"Ocean Star II", "Ocean Star IV", NUMU_PARTY_VESSEL},
        {"Ocean Star X", "Ocean Star XI", NUMU_PARTY_VESSEL},
        {"Ocean", "Ocean V", NUMU_PARTY_VESSEL},
        {"First Quartz Bank", "Third Quartz Bank", NUMU_PARTY_COMPANY},
        {"Alexander Ostrovskikh", "Alexandra Petrenko", NUMU_PARTY_PERSON},
        {"Mahmoud Tessalit", "Muhammad Ostrovskikh", NUMU_PARTY_PERSON},
        {"Mahmoud Keita", "Muhammad Keita", NUMU_PARTY_PERSON},
        {"Hassan Lampridis", "Hussein Petrenko", NUMU_PARTY_PERSON},
        {"Jun Chen", "Junjun", NUMU_PARTY_PERSON},
        {"", "", NUMU_PARTY_PERSON},
        {"...", "Jean Dupont", NUMU_PARTY_PERSON},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double score = score_of(*state, pairs[i].a, pairs[i].b, pairs[i].party);
        if (score > 0.65) {
            fail_msg("%s ~ %s: %.3f", pairs[i].a, pairs[i].b, score);
        }
    }
}

/* Words are looked for by halving: their rows must be in order, each once. */
static void tables_are_in_order(void **state) {
    static const char *const words[] = {
#define NUMU_NAME_WORD(word, kind) #word,
#include "rules/name_words.def"
#undef NUMU_NAME_WORD
    };
    static const struct {
        const char *word, *head;
    } equals[] = {
#define NUMU_NAME_EQUAL(word, head) {#word, #head},
#include "rules/name_equals.def"
#undef NUMU_NAME_EQUAL
    };
    (void)state;
    for (size_t i = 1; i < sizeof words / sizeof words[0]; i++) {
        assert_true(strcmp(words[i - 1], words[i]) < 0);
    }
    for (size_t i = 0; i < sizeof equals / sizeof equals[0]; i++) {
        assert_true(i == 0 || strcmp(equals[i - 1].word, equals[i].word) < 0);
        bool has_head = false; /* which stands for itself */
        for (size_t j = 0; j < sizeof equals / sizeof equals[0]; j++) {
            has_head = has_head || (strcmp(equals[j].word, equals[i].head) == 0 &&
                                    strcmp(equals[j].head, equals[j].word) == 0);
        }
        assert_true(has_head);
    }
}

/* --- properties --- */

static const char *const parts[] = {
    "zakhar",  "ostrovskikh", "bokari",  "tessalit", "quartz",    "dune",        "mariam",
    "keita",   "mohamed",     "al",      "petrenko", "lampridis", "ou",          "xi",
    "trading", "sergey",      "siarhei", "bank",     "ivanovich", "abdulrahman", "northern"};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void random_words(struct numu_random *random, const char *out[4], size_t *count) {
    *count = 1 + (size_t)numu_random_below(random, 4);
    for (size_t i = 0; i < *count; i++) {
        out[i] = parts[numu_random_below(random, PARTS)];
    }
}

static void write_name(char *out, size_t room, const char *const *words, size_t count,
                       const char *between) {
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(out);
        (void)snprintf(out + length, room - length, "%s%s", i == 0 ? "" : between, words[i]);
    }
}

static void symmetric_within_bounds(void **state) {
    struct numu_random random;
    print_message("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const char *a_words[4], *b_words[4];
        char a[128], b[128];
        size_t a_count, b_count;
        random_words(&random, a_words, &a_count);
        random_words(&random, b_words, &b_count);
        write_name(a, sizeof a, a_words, a_count, " ");
        write_name(b, sizeof b, b_words, b_count, " ");
        for (numu_party party = NUMU_PARTY_ANY; party <= NUMU_PARTY_VESSEL; party++) {
            double forth = score_of(*state, a, b, party), back = score_of(*state, b, a, party);
            assert_true(forth >= 0 && forth <= 1);
            if (forth - back > 1e-9 || back - forth > 1e-9) {
                fail_msg("%s ~ %s: %.6f, back %.6f", a, b, forth, back);
            }
        }
        assert_true(score_of(*state, a, a, NUMU_PARTY_PERSON) > 0.999);
    }
}

/* Words of few letters are much alike, joined as well, and Roman numbers among them. */
static void a_name_is_itself(void **state) {
    static const char letters[] = "vixva";
    struct numu_random random;
    numu_random_init(&random, SEED, 2);
    for (int round = 0; round < ROUNDS / 3; round++) {
        char name[128];
        size_t length = 0;
        for (uint64_t words = 1 + numu_random_below(&random, NUMU_NAME_WORDS_MAX); words > 0;
             words--) {
            for (uint64_t i = 1 + numu_random_below(&random, 6); i > 0; i--) {
                name[length++] = letters[numu_random_below(&random, sizeof letters - 1)];
            }
            name[length++] = words > 1 ? ' ' : '\0';
        }
        for (numu_party party = NUMU_PARTY_ANY; party <= NUMU_PARTY_VESSEL; party++) {
            if (score_of(*state, name, name, party) < 0.999) {
                fail_msg("%s: %.6f", name, score_of(*state, name, name, party));
            }
        }
    }
}

/* Case, accents, apostrophes, commas and blanks change nothing; order nearly so. */
static void writing_does_not_matter(void **state) {
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    for (int round = 0; round < ROUNDS / 3; round++) {
        const char *words[4], *turned[4];
        char plain[128], other[128], reversed[128], loud[128];
        size_t count;
        random_words(&random, words, &count);
        write_name(plain, sizeof plain, words, count, " ");
        write_name(other, sizeof other, words, count, "  ,  ");
        for (size_t i = 0; i < count; i++) {
            turned[i] = words[count - 1 - i];
        }
        write_name(reversed, sizeof reversed, turned, count, " ");
        for (size_t i = 0; i <= strlen(plain); i++) {
            loud[i] = (char)(plain[i] >= 'a' && plain[i] <= 'z' ? plain[i] - 'a' + 'A' : plain[i]);
        }
        const char *against = "Zakhar Petrenko Quartz";
        double expected = score_of(*state, plain, against, NUMU_PARTY_ANY);
        assert_true(score_of(*state, other, against, NUMU_PARTY_ANY) == expected);
        assert_true(score_of(*state, loud, against, NUMU_PARTY_ANY) == expected);
        assert_true(score_of(*state, plain, reversed, NUMU_PARTY_ANY) > 0.95);
    }
    assert_true(score_of(*state, "É. O'Neil-Müller", "E ONEIL MULLER", NUMU_PARTY_PERSON) > 0.999);
}

static void hostile_names(void **state) {
    struct fixture *fixture = *state;
    static char many[10001];
    struct numu_name name;
    memset(many, 'a', 10000);
    assert_int_equal(numu_name_read(fixture->latin, numu_text_of(many), &fixture->arena, &name),
                     NUMU_OK);
    assert_int_equal(name.count, 1);
    for (size_t i = 0; i < 10000; i += 3) {
        many[i] = ' ';
    }
    assert_int_equal(numu_name_read(fixture->latin, numu_text_of(many), &fixture->arena, &name),
                     NUMU_OK);
    assert_int_equal(name.count, NUMU_NAME_WORDS_MAX);
    /* controls, broken UTF-8, mixed scripts */
    assert_true(score_of(fixture, "Zakhar\x01\x02 Ostrovskikh\xff", "Zakhar Ostrovskikh",
                         NUMU_PARTY_PERSON) > 0.99);
    assert_true(score_of(fixture, "Захар Ostrovskikh", "Zakhar Островских", NUMU_PARTY_PERSON) >
                0.99);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(same_names),          TEST(other_names),
        TEST(tables_are_in_order), TEST(symmetric_within_bounds),
        TEST(a_name_is_itself),    TEST(writing_does_not_matter),
        TEST(hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
