package app

import (
	"context"
	"sync/atomic"

	abci "github.com/cometbft/cometbft/abci/types"
	"golang.org/x/sync/errgroup"

	"github.com/cosmos/cosmos-sdk/baseapp/txnrunner"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
)

// runner executes blocks with Block-STM. If most transactions of a block use the same
// pool, it executes them one after the other: side by side, each would run before the
// one before it has written, and run again. The results are the same either way.
type runner struct {
	parallel, sequential sdk.TxRunner
	decode               sdk.TxDecoder
	workers              int
}

// newRunner returns the runner around one of Block-STM; any other stays as it is.
func newRunner(inner sdk.TxRunner, decode sdk.TxDecoder, workers int) sdk.TxRunner {
	if _, ok := inner.(*txnrunner.STMRunner); !ok {
		return inner
	}
	return &runner{inner, txnrunner.NewDefaultRunner(decode), decode, workers}
}

// Run implements sdk.TxRunner.
func (r *runner) Run(
	ctx context.Context, ms storetypes.MultiStore, txs [][]byte, deliver sdk.DeliverTxFunc,
) ([]*abci.ExecTxResult, error) {
	decoded := r.decodeAll(txs)
	if serial(decoded) {
		return r.sequential.Run(ctx, ms, txs, deliver)
	}
	first := make([]atomic.Pointer[sdk.Tx], len(decoded))
	for i := range decoded {
		first[i].Store(&decoded[i])
	}
	return r.parallel.Run(ctx, ms, txs,
		func(tx []byte, memTx sdk.Tx, ms storetypes.MultiStore, i int, cache map[string]any) *abci.ExecTxResult {
			// The sequential executor answers so. Block-STM would count the gas of the
			// beginning of the block as well, and the hash of the results would differ.
			if decoded[i] == nil {
				return sdkerrors.ResponseExecTxResultWithEvents(sdkerrors.ErrTxDecode, 0, 0, nil, false)
			}
			// A transaction remembers what was asked of it, so two executions at the
			// same time must not share one: the first takes it, others decode again.
			if known := first[i].Swap(nil); known != nil {
				memTx = *known
			}
			return deliver(tx, memTx, ms, i, cache)
		})
}

// decodeAll decodes the transactions side by side; nil stands for bytes that are none.
func (r *runner) decodeAll(txs [][]byte) []sdk.Tx {
	decoded := make([]sdk.Tx, len(txs))
	var next atomic.Int64
	var group errgroup.Group
	for range r.workers {
		group.Go(func() error {
			for i := next.Add(1) - 1; i < int64(len(txs)); i = next.Add(1) - 1 {
				decoded[i] = decodeOne(r.decode, txs[i])
			}
			return nil
		})
	}
	_ = group.Wait() // no decoder returns an error
	return decoded
}

// decodeOne returns nil for bytes that are no transaction, also if the decoder panics:
// they are refused when they are executed.
func decodeOne(decode sdk.TxDecoder, bz []byte) (tx sdk.Tx) {
	defer func() {
		if recover() != nil {
			tx = nil
		}
	}()
	tx, err := decode(bz)
	if err != nil {
		return nil
	}
	return tx
}

// serial reports whether more than half of the transactions use the same pool.
func serial(txs []sdk.Tx) bool {
	uses := map[uint64]int{}
	most := 0
	for _, tx := range txs {
		if tx == nil {
			continue
		}
		for _, msg := range tx.GetMsgs() {
			if m, ok := msg.(interface{ GetPoolId() uint64 }); ok {
				uses[m.GetPoolId()]++
				most = max(most, uses[m.GetPoolId()])
				break // one message is enough to make two transactions depend
			}
		}
	}
	return 2*most > len(txs)
}
