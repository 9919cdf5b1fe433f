/*
 * read_patterson.c - Patterson's .rcp files, also those of the RanGen generators: numbers only.
 *
 *     activities resources
 *     units of each resource
 *     then for each activity: duration, needs of each resource, count of successors, successors
 *
 * Activities are numbered from 1; all resources are renewable. Lines may break anywhere.
 *
 * Source: J. H. Patterson, "A comparison of exact approaches for solving the multiple constrained
 * resource project scheduling problem", Management Science 30(7), 1984, and the files themselves.
 */
#include "programme/read_parts.h"

static numu_status read_resources(struct numu_word_reader *reader, int64_t count,
                                  struct numu_project_draft *draft, struct numu_arena *arena) {
    for (int64_t resource = 0; resource < count; resource++) {
        int64_t units;
        struct numu_text id;
        if (!numu_word_reader_number(reader, "kind.units", 0, NUMU_FILE_UNITS_MAX, &units)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(numu_text_printf(arena, &id, "R%lld", (long long)resource + 1));
        NUMU_TRY(numu_project_draft_add_resource(draft, id, false, (int32_t)units));
    }
    return NUMU_OK;
}

static numu_status read_successors(struct numu_word_reader *reader, uint32_t before,
                                   int64_t activities, struct numu_project_draft *draft) {
    int64_t count;
    if (!numu_word_reader_number(reader, "kind.successors", 0, activities, &count)) {
        return NUMU_INVALID;
    }
    for (int64_t i = 0; i < count; i++) {
        struct numu_text word = numu_word_reader_peek(reader);
        int64_t after;
        size_t before_word = reader->at;
        if (numu_word_reader_number(reader, "kind.job", 1, activities, &after)) {
            NUMU_TRY(numu_project_draft_add_link(draft, before, (uint32_t)(after - 1),
                                                 numu_word_reader_place(reader, word)));
        } else if (reader->at == before_word) {
            return NUMU_INVALID;
        }
    }
    return NUMU_OK;
}

static numu_status read_activity(struct numu_word_reader *reader, uint32_t activity,
                                 int64_t activities, int64_t resources,
                                 struct numu_project_draft *draft, struct numu_arena *arena) {
    int64_t duration;
    struct numu_text id;
    if (!numu_word_reader_amount(reader, "kind.duration", NUMU_FILE_DURATION_MAX, &duration)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_text_printf(arena, &id, "%lld", (long long)activity + 1));
    NUMU_TRY(numu_project_draft_add_activity(draft, id, 0));
    NUMU_TRY(
        numu_project_draft_add_mode(draft, (struct numu_text){NULL, 0}, (numu_period)duration));
    for (int64_t resource = 0; resource < resources; resource++) {
        int64_t units;
        if (!numu_word_reader_amount(reader, "kind.units", NUMU_FILE_UNITS_MAX, &units)) {
            return NUMU_INVALID;
        }
        NUMU_TRY(numu_project_draft_add_need(draft, (uint32_t)resource, (int32_t)units));
    }
    return read_successors(reader, activity, activities, draft);
}

numu_status numu_project_read_patterson(const struct numu_context *context,
                                        struct numu_word_reader *reader,
                                        struct numu_project_draft *draft,
                                        struct numu_arena *arena) {
    (void)context;
    int64_t activities;
    int64_t resources;
    if (!numu_word_reader_number(reader, "kind.integer", 1, NUMU_FILE_ACTIVITIES_MAX,
                                 &activities) ||
        !numu_word_reader_number(reader, "kind.integer", 0, NUMU_FILE_RESOURCES_MAX, &resources)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(read_resources(reader, resources, draft, arena));
    for (int64_t activity = 0; activity < activities; activity++) {
        NUMU_TRY(read_activity(reader, (uint32_t)activity, activities, resources, draft, arena));
    }
    struct numu_text word = numu_word_reader_peek(reader);
    if (word.length > 0) {
        numu_word_reader_complain(reader, word, "kind.end", 1, 0);
    }
    return NUMU_OK;
}
