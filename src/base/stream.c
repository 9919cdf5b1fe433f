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

numu_status numu_stream_read(struct numu_stream *stream, char *buffer, size_t capacity,
                             size_t *out_count, int *out_errno) {
    *out_errno = 0;
    size_t count = 0;
    if (stream->descriptor < 0) {
        size_t left = stream->bytes.length - (size_t)stream->position;
        count = left < capacity ? left : capacity;
        if (count > 0) {
            memcpy(buffer, stream->bytes.data + stream->position, count);
        }
    }
    while (stream->descriptor >= 0 && count < capacity) {
        ssize_t got = read(stream->descriptor, buffer + count, capacity - count);
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
    stream->position += count;
    *out_count = count;
    return NUMU_OK;
}

numu_status numu_stream_seek(struct numu_stream *stream, uint64_t offset, int *out_errno) {
    *out_errno = 0;
    if (stream->descriptor < 0) {
        stream->position = offset < stream->bytes.length ? offset : stream->bytes.length;
        return NUMU_OK;
    }
    if (offset > INT64_MAX || lseek(stream->descriptor, (off_t)offset, SEEK_SET) < 0) {
        *out_errno = offset > INT64_MAX ? EOVERFLOW : errno;
        return NUMU_IO;
    }
    stream->position = offset;
    return NUMU_OK;
}
