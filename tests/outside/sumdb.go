// sumdb.go - holds what numu signs and proves against Go's golang.org/x/mod/sumdb (Debian: golang-golang-x-mod-dev).
//
//	sumdb export DIR              an exported log: checkpoint, each tile, each entry with its own proof
//	sumdb proof DIR PROOF         a proof of an event, under the checkpoint of DIR
//	sumdb follows DIR REQUEST     a request to a witness: that the head of DIR continues an earlier one
//	sumdb certify KEY OUT REQUEST makes a root, its public half in KEY, and its certificate of the one line of REQUEST
//
// Exit 1: it does not hold.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "sumdb:", err)
		os.Exit(1)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

// What a checkpoint says, if the key of the export signed it.
func checkpoint(folder string, signed []byte) tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(filepath.Join(folder, "key")))))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// Reads tiles by the paths of C2SP tlog-tiles: those of sumdb without the height.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(list))
	for i, tile := range list {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}

func entries(folder string, size int64) (out [][]byte) {
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: 8, L: 0, N: n, W: 256}
		if size-n*256 < 256 {
			tile.W = int(size - n*256)
		}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data := read(filepath.Join(folder, path))
		for len(data) >= 2 {
			length := 2 + int(binary.BigEndian.Uint16(data))
			if length > len(data) {
				must(fmt.Errorf("%s: an entry is cut off", path))
			}
			out = append(out, data[2:length])
			data = data[length:]
		}
	}
	return out
}

func checkExport(folder string) {
	tree := checkpoint(folder, read(filepath.Join(folder, "checkpoint")))
	reader := tlog.TileHashReader(tree, tiles{folder})
	list := entries(folder, tree.N)
	if int64(len(list)) != tree.N {
		must(fmt.Errorf("%d entries where %d are signed", len(list), tree.N))
	}
	for n, entry := range list {
		proof, err := tlog.ProveRecord(tree.N, int64(n), reader)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), tlog.RecordHash(entry)))
	}
	fmt.Printf("ok - sumdb: %d entries of an export\n", len(list))
}

// The hashes on lines of their own, up to an empty line; what follows it is the checkpoint.
func hashes(text string) (out []tlog.Hash, rest []byte) {
	parts := strings.SplitN(text, "\n\n", 2)
	for _, line := range strings.Split(parts[0], "\n") {
		if line != "" {
			hash, err := tlog.ParseHash(line)
			must(err)
			out = append(out, hash)
		}
	}
	if len(parts) < 2 {
		must(fmt.Errorf("there is no checkpoint"))
	}
	return out, []byte(parts[1])
}

func checkProof(folder, path string) {
	lines := strings.SplitN(string(read(path)), "\n", 4)
	if len(lines) < 4 || lines[0] != "c2sp.org/tlog-proof@v1" {
		must(fmt.Errorf("%s: no proof", path))
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must(err)
	proof, head := hashes(lines[3])
	tree := checkpoint(folder, head)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	fmt.Printf("ok - sumdb: proof of entry %d of %d\n", index, tree.N)
}

func checkFollows(folder, path string) {
	lines := strings.SplitN(string(read(path)), "\n", 2)
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	must(err)
	proof, head := hashes(lines[1])
	tree := checkpoint(folder, head)
	reader := tlog.TileHashReader(tree, tiles{folder})
	before, err := tlog.TreeHash(old, reader)
	must(err)
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old, before))
	fmt.Printf("ok - sumdb: %d entries continue %d\n", tree.N, old)
}

func certify(keyPath, outPath, request string) {
	secret, public, err := note.GenerateKey(rand.Reader, "go-root")
	must(err)
	signer, err := note.NewSigner(secret)
	must(err)
	signed, err := note.Sign(&note.Note{Text: "numu.certificate/1\n" + request + "\n"}, signer)
	must(err)
	must(os.WriteFile(keyPath, []byte(public+"\n"), 0o644))
	must(os.WriteFile(outPath, signed, 0o644))
}

func main() {
	arguments := os.Args[1:]
	switch {
	case len(arguments) == 2 && arguments[0] == "export":
		checkExport(arguments[1])
	case len(arguments) == 3 && arguments[0] == "proof":
		checkProof(arguments[1], arguments[2])
	case len(arguments) == 3 && arguments[0] == "follows":
		checkFollows(arguments[1], arguments[2])
	case len(arguments) == 4 && arguments[0] == "certify":
		certify(arguments[1], arguments[2], arguments[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: sumdb export|proof|follows|certify …")
		os.Exit(2)
	}
}
