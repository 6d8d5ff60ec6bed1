package light

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// trustNode is the word for a trust in the node itself.
const trustNode = "node"

// Trust says whom somebody believes: the chain, from a header that the owner knows, or its own node. In a file it is
// {height: 1, hash: "..."}, or the word node. The zero value is none.
type Trust struct {
	// Node means that all answers of the node are believed.
	Node bool
	// Root is the header from which the chain's answers are proved; zero if Node is set.
	Root Root
}

// ErrTrust means that a trust is missing or not understood.
var ErrTrust = errors.New("trust")

// ParseTrust reads HEIGHT:HASH, or the word node.
func ParseTrust(text string) (Trust, error) {
	if text == trustNode {
		return Trust{Node: true}, nil
	}
	root, err := ParseRoot(text)
	if err != nil {
		return Trust{}, fmt.Errorf("%w: expected HEIGHT:HASH or %s: %w", ErrTrust, trustNode, err)
	}
	return Trust{Root: root}, nil
}

// Check reports what is wrong with a trust.
func (t Trust) Check() error {
	switch {
	case t.Node && t.Root.Height == 0 && len(t.Root.Hash) == 0:
		return nil
	case !t.Node && t.Root.Check() == nil:
		return nil
	}
	return fmt.Errorf(`%w: expected {height: HEIGHT, hash: "HASH"} of a header that you know, which the command trust finds, or the word %s to believe your own node, got neither`,
		ErrTrust, trustNode)
}

// YAML is the trust as a file has it.
func (t Trust) YAML() string {
	if t.Node {
		return trustNode
	}
	return fmt.Sprintf("{height: %d, hash: %q}", t.Root.Height, strings.ToUpper(hex.EncodeToString(t.Root.Hash)))
}

// UnmarshalYAML reads a trust from a file.
func (t *Trust) UnmarshalYAML(unmarshal func(any) error) error {
	var word string
	if unmarshal(&word) == nil {
		if word != trustNode {
			return fmt.Errorf(`%w: expected {height: HEIGHT, hash: "HASH"} or the word %s, got %.80q`, ErrTrust, trustNode, word)
		}
		*t = Trust{Node: true}
		return nil
	}
	var root struct {
		Height int64  `yaml:"height"`
		Hash   string `yaml:"hash"`
	}
	if err := unmarshal(&root); err != nil {
		return err
	}
	hash, err := hex.DecodeString(root.Hash)
	if err != nil {
		return fmt.Errorf("%w: hash: expected hexadecimal characters, got %.80q", ErrTrust, root.Hash)
	}
	*t = Trust{Root: Root{Height: root.Height, Hash: hash}}
	return t.Check()
}
