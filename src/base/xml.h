/*
 * xml.h - XML 1.0 read into a tree, behind a port (xml_libxml2.c).
 *
 * Files may come from anywhere: no network and no other file is ever touched, a document type
 * declaration is refused (so that no entity can grow or lead out), depth, elements and bytes are
 * bounded, and memory follows the text that is there.
 *
 * Namespaces are left out: an element is known by its local name.
 */
#ifndef NUMU_BASE_XML_H
#define NUMU_BASE_XML_H

#include "base/text.h"

struct numu_xml_attribute {
    struct numu_text name, value;
    const struct numu_xml_attribute *next;
};

struct numu_xml {
    struct numu_text name;
    struct numu_text text; /* its own, without that of its children; blanks at both ends cut off */
    const struct numu_xml_attribute *attributes;
    const struct numu_xml *first, *next; /* first child, next sibling, in order of the document */
    size_t offset;   /* of its start tag in the bytes; SIZE_MAX where the encoding hides it */
    uint32_t length; /* of "<name" */
};

typedef enum numu_xml_problem {
    NUMU_XML_FINE = 0,
    NUMU_XML_MALFORMED, /* no well-formed XML, or in an encoding that cannot be read */
    NUMU_XML_DOCTYPE,   /* a document type declaration */
    NUMU_XML_TOO_DEEP,
    NUMU_XML_TOO_MANY /* elements */
} numu_xml_problem;

/* Its name as the argument of a sentence: "kind.xml_malformed". */
const char *numu_xml_problem_name(numu_xml_problem problem);

struct numu_xml_error {
    numu_xml_problem problem;
    size_t offset; /* about where; SIZE_MAX where the encoding hides it */
};

enum { NUMU_XML_DEPTH_MAX = 64, NUMU_XML_ELEMENTS_MAX = 4 << 20 };

/*
 * Reads a document; all of it lives in the arena. NUMU_INVALID with *out_error set where it is none
 * that is read; NUMU_MEMORY or NUMU_LIMIT from the arena. libxml2 takes more, uncounted.
 */
NUMU_MUST_CHECK numu_status numu_xml_read(struct numu_arena *arena, struct numu_text bytes,
                                          const struct numu_xml **out,
                                          struct numu_xml_error *out_error);

/* The first child of a name, or NULL (also for NULL). */
const struct numu_xml *numu_xml_find(const struct numu_xml *element, const char *name);
/* The next sibling of the same name, or NULL. */
const struct numu_xml *numu_xml_next(const struct numu_xml *element);
/* Text of the first child of a name; empty where there is none. */
struct numu_text numu_xml_text(const struct numu_xml *element, const char *name);

/* Appends text with what XML reserves escaped; characters that no XML may hold become U+FFFD. */
NUMU_MUST_CHECK numu_status numu_xml_write(struct numu_buffer *buffer, struct numu_text text);

#endif
