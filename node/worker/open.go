package worker

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

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
	speed, err := OpenSpeed(ctx, h, box)
	if err != nil {
		return Config{}, nil, err
	}
	details, err := openDetails(h.Details())
	if err != nil {
		return Config{}, nil, err
	}
	closers = append(closers, details.Close)
	columns := source.NewCache(columnBytes)
	editions, err := OpenEditions(h.Editions(), account.Keys.Reader)
	if err != nil {
		return Config{}, nil, err
	}
	computer := &Computer{Policy: policy, Key: account.Keys.Reader, Sandbox: box, Columns: columns, Editions: editions}
	return Config{
		Policy: policy, Address: account.Signer.Address(), Key: account.Keys.Reader.Public(), Chain: connection.State,
		Sender: &chain.Sender{
			Client: connection.Client, Signer: account.Signer, ChainID: policy.ChainID, FeeGranter: policy.FeeGranter(), GasPrice: policy.Fees.GasPrice,
			MaxFee: policy.Fees.MaxFee,
		},
		Compute: computer.Compute, Shares: computer, CheckFile: computer.CheckFile, Keep: computer.Keep, Journal: journal, Columns: columns,
		Speed: speed, Details: slog.New(slog.NewJSONHandler(details, nil)),
	}, closers, nil
}

// detailBytes is the size from which the file of details begins anew at a start. The old one is kept until then.
const detailBytes = 1 << 20

// openDetails opens the file in which the owner finds what became of runs, with mode 0600.
func openDetails(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > detailBytes {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}
