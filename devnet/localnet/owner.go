package localnet

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
)

// Owner is an account that holds data, with the worker next to it.
type Owner struct {
	// Name is the name of its key; Dir holds its worker.
	Name, Dir string

	// File is the data, Document its description.
	File, Document string

	// Worker runs next to the data, once Join has made it.
	Worker *Worker
}

// Registered is the answer of `alitad tx metadata register`.
type Registered struct {
	RecordID string            `json:"record_id"`
	Version  string            `json:"version"`
	Status   string            `json:"status"`
	Rows     int               `json:"rows"`
	GasUsed  int64             `json:"gas_used"`
	Findings []json.RawMessage `json:"findings"`
}

// Join makes the owner's worker, registers it and pays its fees by a fee grant.
// grpc is the node that the worker talks to; workerArgs are further arguments of
// `alita-worker init`.
func (o *Owner) Join(ctx context.Context, net *Network, binary, grpc string, workerArgs ...string) error {
	address := net.Address(o.Name)
	trust, err := net.trustArgs(ctx, grpc)
	if err != nil {
		return err
	}
	args := append([]string{
		"--owner", address, "--node", grpc, "--chain-id", ChainID, "--name", o.Name,
		"--data-dir", filepath.Dir(o.File), "--individual-results",
	}, append(trust, workerArgs...)...)
	if o.Worker, err = NewWorker(ctx, binary, o.Dir, args...); err != nil {
		return err
	}
	if _, err := net.Broadcast(ctx, o.Name, "metadata", "register-worker", o.Worker.Address, o.Worker.KeyFile, "--name", o.Name); err != nil {
		return err
	}
	_, err = net.Broadcast(ctx, o.Name, "feegrant", "grant", address, o.Worker.Address, "--spend-limit", "10000000ualita",
		"--allowed-messages", "/alita.compute.v1.MsgContribute,/alita.compute.v1.MsgDeliver,/alita.compute.v1.MsgAccuseSeat")
	return err
}

// Register lists the owner's file in a pool; args are further arguments of the command.
func (o *Owner) Register(ctx context.Context, net *Network, pool uint64, args ...string) (Registered, error) {
	out, err := net.CLI(ctx, append([]string{
		"tx", "metadata", "register", o.Document, "--pool", fmt.Sprint(pool), "--file", o.File,
		"--from", o.Name, "--yes", "--output", "json",
	}, args...)...)
	if err != nil {
		return Registered{}, err
	}
	var made Registered
	if err := json.Unmarshal(out, &made); err != nil {
		return made, fmt.Errorf("answer of register: %w: %s", err, out)
	}
	return made, nil
}
