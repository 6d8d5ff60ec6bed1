package app

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// maxVerified is how many transactions a generation of verified holds: those of a hundred full blocks.
const maxVerified = 50_000

// verified remembers the transactions whose signatures this node has checked, so that each is checked once and not when it
// arrives, is proposed, judged and executed. What a check says depends on the bytes, the chain, and the keys and numbers of the
// accounts alone, and these are what is remembered; sequences, fees and gas are judged each time as before. It is the node's
// own memory: the results of a block are the same without it.
type verified struct {
	accounts ante.AccountKeeper

	mu          sync.Mutex
	now, before map[[sha256.Size]byte]struct{}
}

func newVerified(accounts ante.AccountKeeper) *verified {
	return &verified{accounts: accounts, now: map[[sha256.Size]byte]struct{}{}}
}

// AnteHandle implements sdk.AnteDecorator. It comes directly before the SDK's check of signatures.
func (v *verified) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	if simulate || ctx.IsReCheckTx() || ctx.BlockHeight() == 0 || !ctx.IsSigverifyTx() {
		return next(ctx, tx, simulate)
	}
	key, ok := v.key(ctx, tx)
	if !ok {
		return next(ctx, tx, simulate)
	}
	if v.has(key) {
		ctx, err := next(ctx.WithIsSigverifyTx(false), tx, simulate)
		return ctx.WithIsSigverifyTx(true), err
	}
	ctx, err := next(ctx, tx, simulate)
	if err == nil {
		v.add(key)
	}
	return ctx, err
}

// key is a hash of all that the check of a transaction's signatures depends on.
func (v *verified) key(ctx sdk.Context, tx sdk.Tx) (key [sha256.Size]byte, ok bool) {
	signed, is := tx.(authsigning.SigVerifiableTx)
	if !is || len(ctx.TxBytes()) == 0 {
		return key, false
	}
	signers, err := signed.GetSigners()
	if err != nil {
		return key, false
	}
	h := sha256.New()
	write := func(b []byte) {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		_, _ = h.Write(b)
	}
	write([]byte("alita/verified/1"))
	write([]byte(ctx.ChainID()))
	write(ctx.TxBytes())
	free := unmetered(ctx) // remembering costs no gas, so gas does not depend on it
	for _, signer := range signers {
		account := v.accounts.GetAccount(free, signer)
		if account == nil || account.GetPubKey() == nil {
			return key, false
		}
		write(account.GetPubKey().Bytes())
		write([]byte(account.GetPubKey().Type()))
		write(binary.BigEndian.AppendUint64(nil, account.GetAccountNumber()))
	}
	h.Sum(key[:0])
	return key, true
}

func (v *verified) has(key [sha256.Size]byte) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, now := v.now[key]
	_, before := v.before[key]
	return now || before
}

// add remembers a transaction; the oldest generation is forgotten when the newest is full.
func (v *verified) add(key [sha256.Size]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.now) >= maxVerified {
		v.now, v.before = make(map[[sha256.Size]byte]struct{}, maxVerified), v.now
	}
	v.now[key] = struct{}{}
}
