package pedersen

import (
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/gtank/ristretto255"
)

// MaxSlots bounds the length of a vector, and with it the memory of the generators' tables: 960 bytes each.
const MaxSlots = 8192

// domain is the domain separation tag (RFC 9380 section 3.1) under which generators are hashed to the group. Another
// tag gives another set of generators.
const domain = "alita-pedersen-v1-with-ristretto255_XMD:SHA-512_R255MAP_RO_"

// The messages that are hashed: the name of a generator, for slots followed by the index in four big-endian bytes.
const (
	blindingName = "blinding"
	lengthName   = "length"
	slotName     = "slot"
)

// Generator returns the encoded generator of a slot, counted from 0.
func Generator(slot uint32) [Size]byte { return hashToGroup(slotMessage(slot)) }

// BlindingGenerator returns the encoded generator of the blinding, H.
func BlindingGenerator() [Size]byte { return hashToGroup([]byte(blindingName)) }

// LengthGenerator returns the encoded generator of the length, K.
func LengthGenerator() [Size]byte { return hashToGroup([]byte(lengthName)) }

func slotMessage(slot uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte(slotName), slot)
}

// hashToGroup is hash_to_ristretto255 of RFC 9380 appendix B.
func hashToGroup(message []byte) [Size]byte {
	return fromUniform(expand(message, []byte(domain), sha512.Size))
}

// fromUniform is the element derivation of RFC 9496 section 4.3.4, from 64 bytes.
func fromUniform(uniform []byte) [Size]byte {
	e, err := new(ristretto255.Element).SetUniformBytes(uniform)
	if err != nil {
		panic(err) // the length is fixed
	}
	return [Size]byte(e.Bytes())
}

// expand is expand_message_xmd of RFC 9380 section 5.3.1 with SHA-512, for a tag of at most 255 bytes and an output of at most
// 64 bytes, which is one block.
func expand(message, tag []byte, size int) []byte {
	primed := append(append([]byte(nil), tag...), byte(len(tag)))
	h := sha512.New()
	h.Write(make([]byte, sha512.BlockSize))
	h.Write(message)
	h.Write([]byte{0, byte(size), 0})
	h.Write(primed)
	first := h.Sum(nil)
	h.Reset()
	h.Write(first)
	h.Write([]byte{1})
	h.Write(primed)
	return h.Sum(nil)[:size]
}

// generators holds the tables made so far; they only grow, up to MaxSlots.
var generators struct {
	sync.Mutex
	blinding, length *table
	slots            []*table
}

// tables returns the tables of the blinding, the length and the first so many slots.
func tables(slots int) (blinding, length *table, slotTables []*table, err error) {
	if slots < 1 || slots > MaxSlots {
		return nil, nil, nil, fmt.Errorf("%w: slots: expected 1 to %d, got %d", ErrLength, MaxSlots, slots)
	}
	g := &generators
	g.Lock()
	defer g.Unlock()
	if g.blinding == nil {
		g.blinding, g.length = tableOf(BlindingGenerator()), tableOf(LengthGenerator())
	}
	for i := len(g.slots); i < slots; i++ {
		g.slots = append(g.slots, tableOf(Generator(uint32(i))))
	}
	return g.blinding, g.length, g.slots[:slots:slots], nil
}

func tableOf(enc [Size]byte) *table {
	var p point
	if !p.decode(enc) {
		panic("a hashed element does not decode") // it was encoded by the library
	}
	return newTable(&p)
}
