package localnet

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	// SeatBond is the bond of each seat: twice the least, so that it can be drawn again after a fault.
	SeatBond = "2000000000ualita"

	// seatCoins pay for a seat's transactions.
	seatCoins = "100000000ualita"
)

// Seat is an alita-worker process that sits in secure sums for a validator.
type Seat struct {
	Worker

	// Operator is the operator address of the validator.
	Operator string

	node *node
	fee  string
}

// NewSeat makes a seat for the validator of a node, pays for it and registers it; fee is its fee for a contribution, in ualita.
// grpc is the node that it talks to.
func (n *Network) NewSeat(ctx context.Context, i int, binary, dir, grpc, fee string) (*Seat, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Seat{
		Worker: Worker{binary: binary, home: filepath.Join(dir, "seat"), passphrase: filepath.Join(dir, "passphrase"), run: []string{"seat", "run"}},
		node:   n.nodes[i], fee: fee,
	}
	if err := os.WriteFile(s.passphrase, []byte("the passphrase of "+filepath.Base(dir)+"\n"), 0o600); err != nil {
		return nil, err
	}
	trust, err := n.trustArgs(ctx, grpc)
	if err != nil {
		return nil, err
	}
	out, err := s.Command(ctx, append([]string{"seat", "init", "--node", grpc, "--chain-id", ChainID, "--output", "json"}, trust...)...)
	if err != nil {
		return nil, err
	}
	var made struct {
		Seat string `json:"seat"`
	}
	if err := json.Unmarshal(out, &made); err != nil {
		return nil, fmt.Errorf("answer of seat init: %w: %s", err, out)
	}
	s.Address = made.Seat
	val, err := n.nodes[i].run(ctx, "keys", "show", validatorKey, "--bech", "val", "--address", "--keyring-backend", "test")
	if err != nil {
		return nil, err
	}
	s.Operator = strings.TrimSpace(string(val))
	if _, err := n.broadcast(ctx, n.nodes[i], validatorKey, "bank", "send", n.nodes[i].validator, s.Address, seatCoins); err != nil {
		return nil, err
	}
	return s, n.Bond(ctx, s, SeatBond)
}

// Bond registers a seat, or adds to its bond.
func (n *Network) Bond(ctx context.Context, s *Seat, bond string) error {
	_, err := n.broadcast(ctx, s.node, validatorKey, "compute", "register-seat", s.Address, bond, s.fee)
	return err
}
