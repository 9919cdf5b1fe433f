/*
 * stream.c - see stream.h.
 */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

numu_status numu_stream_open(struct numu_stream *stream, const char *path, int *out_errno) {
    *out_errno = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        *out_errno = errno;
        return NUMU_IO;
    }
    struct stat status;
    int number = fstat(descriptor, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
    if (number != 0) {
        *out_errno = number;
        (void)close(descriptor);
        return NUMU_IO;
    }
    *stream = (struct numu_stream){.descriptor = descriptor};
    return NUMU_OK;
}

void numu_stream_open_memory(struct numu_stream *stream, struct numu_text bytes) {
    *stream = (struct numu_stream){.descriptor = -1, .bytes = bytes};
}

void numu_stream_close(struct numu_stream *stream) {
    if (stream->descriptor >= 0) {
        (void)close(stream->descriptor); /* only read from: nothing can be lost */
    }
    *stream = (struct numu_stream){.descriptor = -1};
}

static numu_status read_memory(const struct numu_stream *stream, uint64_t offset, char *buffer,
                               size_t capacity, size_t *out_count) {
    size_t left = offset < stream->bytes.length ? stream->bytes.length - (size_t)offset : 0;
    *out_count = left < capacity ? left : capacity;
    if (*out_count > 0) {
        memcpy(buffer, stream->bytes.data + offset, *out_count);
    }
    return NUMU_OK;
}

numu_status numu_stream_read(const struct numu_stream *stream, uint64_t offset, char *buffer,
                             size_t capacity, size_t *out_count, int *out_errno) {
    *out_errno = 0;
    if (stream->descriptor < 0) {
        return read_memory(stream, offset, buffer, capacity, out_count);
    }
    size_t count = 0;
    while (count < capacity) {
        ssize_t got =
            pread(stream->descriptor, buffer + count, capacity - count, (off_t)(offset + count));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            *out_errno = errno;
            return NUMU_IO;
        }
        if (got == 0) {
            break;
        }
        count += (size_t)got;
    }
    *out_count = count;
    return NUMU_OK;
}

numu_status numu_stream_length(const struct numu_stream *stream, uint64_t *out_length,
                               int *out_errno) {
    *out_errno = 0;
    if (stream->descriptor < 0) {
        *out_length = stream->bytes.length;
        return NUMU_OK;
    }
    struct stat status;
    if (fstat(stream->descriptor, &status) != 0) {
        *out_errno = errno;
        return NUMU_IO;
    }
    *out_length = (uint64_t)status.st_size;
    return NUMU_OK;
}
