/*
 * key.c - see key.h.
 */
#include "app/key.h"

#include "app/app.h"
#include "base/file.h"

numu_status numu_app_key_make(const struct numu_context *context, const char *path,
                              struct numu_text name, struct numu_text passphrase,
                              struct numu_report *report, struct numu_public_key *out) {
    static const struct numu_key_cost usual_cost = {0};
    struct numu_signer signer;
    struct numu_buffer file;
    int number = 0;
    NUMU_TRY(numu_signer_make(name, &signer));
    numu_buffer_init(&file, context->heap, 0);
    numu_status status = numu_key_write(&signer, passphrase, &usual_cost, &file);
    if (status == NUMU_OK) {
        status =
            numu_file_create_private(path, (struct numu_text){file.data, file.length}, &number);
    }
    if (status == NUMU_IO) {
        numu_app_report_unwritable(report, path, number);
    } else if (status == NUMU_OK) {
        *out = signer.public_key;
    }
    numu_buffer_release(&file);
    numu_signer_release(&signer);
    return status;
}

static numu_status read_file(struct numu_arena *arena, const char *path, struct numu_report *report,
                             struct numu_text *out) {
    numu_status status = numu_app_read(arena, path, NUMU_KEY_FILE_BYTES_MAX, report, out);
    if (status == NUMU_LIMIT) {
        numu_app_tell_string(report, NUMU_CODE_NOT_A_KEY, path, NULL);
        status = NUMU_INVALID;
    }
    return status;
}

/* Says what is wrong with a key file, where something is. */
static void tell_problem(struct numu_report *report, const char *path, numu_key_problem problem) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_NEWER_FORMAT, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    switch (problem) {
    case NUMU_KEY_FINE:
        break;
    case NUMU_KEY_NOT_A_KEY:
        numu_app_tell_string(report, NUMU_CODE_NOT_A_KEY, path, NULL);
        break;
    case NUMU_KEY_NEWER_FORMAT:
        finding.arguments[0] = numu_argument_string(path);
        finding.arguments[1] = numu_argument_string("numu.key/2+");
        finding.arguments[2] = numu_argument_string("numu.key/1");
        numu_report_add(report, &finding);
        break;
    case NUMU_KEY_WRONG_PASSPHRASE:
        numu_app_tell_string(report, NUMU_CODE_WRONG_PASSPHRASE, path, NULL);
        break;
    }
}

numu_status numu_app_key_public(const struct numu_context *context, const char *path,
                                struct numu_report *report, struct numu_public_key *out) {
    struct numu_arena arena;
    struct numu_text file;
    numu_key_problem problem = NUMU_KEY_FINE;
    numu_arena_init(&arena, context->heap);
    numu_status status = read_file(&arena, path, report, &file);
    if (status == NUMU_OK) {
        status = numu_key_read_public(&arena, file, out, &problem);
        tell_problem(report, path, problem);
    }
    numu_arena_release(&arena);
    return status;
}

numu_status numu_app_key_given(struct numu_arena *scratch, const char *given,
                               struct numu_report *report, struct numu_public_key *out) {
    struct numu_text file;
    numu_key_problem problem;
    int number;
    if (numu_public_key_parse(numu_text_of(given), out) == NUMU_OK) {
        return NUMU_OK;
    }
    numu_status status = numu_file_read(scratch, given, NUMU_KEY_FILE_BYTES_MAX, &file, &number);
    if (status == NUMU_OK) {
        size_t end = numu_text_find(file, NUMU_TEXT("\n"), 0);
        struct numu_text line = {file.data, end == SIZE_MAX ? file.length : end};
        status = numu_public_key_parse(numu_text_trim(line), out);
        if (status == NUMU_INVALID) {
            status = numu_key_read_public(scratch, file, out, &problem);
        }
    }
    if (status == NUMU_MEMORY || status == NUMU_OK) {
        return status;
    }
    numu_app_tell_string(report, NUMU_CODE_NOT_A_KEY, given, NULL);
    return NUMU_INVALID;
}

numu_status numu_app_key_unlock(const struct numu_context *context, const char *path,
                                struct numu_text passphrase, struct numu_report *report,
                                struct numu_signer *out) {
    struct numu_arena arena;
    struct numu_text file;
    numu_key_problem problem = NUMU_KEY_FINE;
    numu_arena_init(&arena, context->heap);
    numu_status status = read_file(&arena, path, report, &file);
    if (status == NUMU_OK) {
        status = numu_key_read(&arena, file, passphrase, out, &problem);
        tell_problem(report, path, problem);
    }
    numu_arena_release(&arena);
    return status;
}
