package worker

import (
	"context"
	"errors"
	"io"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
)

// columnBytes bounds the memory for what is kept of the owner's files between the rounds of jobs.
const columnBytes = 128 << 20

// Open sets up a worker by what its home holds. The caller adds Log and the durations, and closes what was opened when the
// worker has ended. compiler is the command of a process that compiles programs (sandbox.Config.Child); none compiles in this process.
func Open(ctx context.Context, h Home, passphrase string, compiler []string) (cfg Config, opened io.Closer, err error) {
	var closers home.Closers
	defer func() {
		if err != nil {
			err = errors.Join(err, closers.Close())
		}
	}()
	if err := h.Check(); err != nil {
		return Config{}, nil, err
	}
	policy, err := ReadPolicy(h.PolicyFile())
	if err != nil {
		return Config{}, nil, err
	}
	account, err := home.OpenAccount(h.KeyFile(), passphrase)
	if err != nil {
		return Config{}, nil, err
	}
	connection, err := chain.Connect(policy.Endpoints(h.Light()))
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, connection.Close)
	box, err := sandbox.New(ctx, sandbox.Config{CacheDir: h.Cache(), Child: compiler})
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, func() error { return box.Close(context.WithoutCancel(ctx)) })
	journal, err := OpenJournal(h.Journal())
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, journal.Close)
	columns := source.NewCache(columnBytes)
	computer := &Computer{Policy: policy, Key: account.Keys.Reader, Sandbox: box, Columns: columns}
	return Config{
		Policy: policy, Address: account.Signer.Address(), Key: account.Keys.Reader.Public(), Chain: connection.State,
		Sender: &chain.Sender{
			Client: connection.Client, Signer: account.Signer, ChainID: policy.ChainID, FeeGranter: policy.FeeGranter(), GasPrice: policy.Fees.GasPrice,
			MaxFee: policy.Fees.MaxFee,
		},
		Compute: computer.Compute, Shares: computer, Journal: journal, Columns: columns,
	}, closers, nil
}
