/*
 * driver.c - stands in for libFuzzer where there is none: gives every file of the folders named on
 * the command line, in the order of their names, to the fuzz target, and prints TAP.
 *
 * A target reports a fault by crashing, so "ok" means "came back". A folder that cannot be read or
 * holds no file is a failure: a replay of nothing could not fail.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* Reads a file into fresh memory of exactly its size, so that sanitizers see one byte more. */
static bool read_file(const char *path, uint8_t **out_data, size_t *out_size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    bool is_read = false;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        uint8_t *data = malloc(size == 0 ? 1 : (size_t)size);
        is_read = data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size;
        if (is_read) {
            *out_data = data;
            *out_size = (size_t)size;
        } else {
            free(data);
        }
    }
    (void)fclose(file);
    return is_read;
}

static bool replay_file(const char *folder, const char *name) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    uint8_t *data = NULL;
    size_t size = 0;
    bool is_read = length > 0 && (size_t)length < sizeof path && read_file(path, &data, &size);
    if (is_read) {
        (void)LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    printf("%s - %s\n", is_read ? "ok" : "not ok", name);
    (void)fflush(stdout); /* what came before a crash is seen */
    return is_read;
}

static bool replay_folder(const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible, alphasort);
    if (count <= 0) {
        printf("not ok - %s has no files\n", folder);
    }
    bool is_good = count > 0;
    for (int i = 0; i < count; i++) {
        is_good = replay_file(folder, entries[i]->d_name) && is_good;
        free(entries[i]);
    }
    free(entries);
    return is_good;
}

int main(int argument_count, char **arguments) {
    bool is_good = argument_count > 1;
    for (int i = 1; i < argument_count; i++) {
        is_good = replay_folder(arguments[i]) && is_good;
    }
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
