package tx

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"

	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// DefaultGasAdjustment is the factor of simulated gas: the state may
// change between the simulation and the block.
const DefaultGasAdjustment = 1.5

// maxAttempts bounds how often a transaction is signed, and simulated on a node that is busy.
const maxAttempts = 5

// DefaultMaxFee is one ALITA: several times what the largest transactions cost.
const DefaultMaxFee = 1_000_000

// Client sends the transactions of one account. Its fields are set before it is
// used and stay. It sends one transaction at a time: the next one needs the
// sequence that the last one leaves.
type Client struct {
	// Conn reaches a node, for queries and for broadcasts.
	Conn grpc.ClientConnInterface
	// Others are nodes of other people: transactions are sent to them as well, and they are asked what Conn does not answer
	// well. May be nil.
	Others []grpc.ClientConnInterface
	// State proves what decides over money, secrets and keys; nil believes Conn.
	State State
	// Signer holds the account's key.
	Signer Signer
	// ChainID is the chain that signatures are for.
	ChainID string

	// Gas is the limit of each transaction; 0 simulates it.
	Gas uint64
	// GasAdjustment multiplies simulated gas; 0 is DefaultGasAdjustment.
	GasAdjustment float64
	// SpareGas is added to simulated gas, for what others may do between the simulation and the block.
	SpareGas uint64
	// GasPrices are paid for a unit of gas, rounded up to a whole fee. If they and
	// Fees are empty, the node's own price is paid.
	GasPrices sdk.DecCoins
	// Fees are paid for each transaction, in place of GasPrices.
	Fees sdk.Coins
	// MaxFee is the most that a transaction may cost if Fees do not say what it costs, in ualita; 0 is DefaultMaxFee.
	MaxFee uint64
	// FeeGranter is the address that pays by a fee grant; empty if the account pays
	// itself.
	FeeGranter string
	// FeePayer is the address that pays in place of the first signer, and must sign
	// too; empty for none.
	FeePayer string

	// Sequence is the number of the account's next transaction; 0 asks the chain.
	Sequence uint64

	// Sending is called with each signed transaction before it is sent, with what it pays and its gas limit; nil for nothing.
	Sending func(hash string, fee sdk.Coins, gas uint64)

	// Memo is a note that everybody can read.
	Memo string
	// TimeoutHeight is the last block that may hold a transaction; 0 for no limit.
	TimeoutHeight uint64
	// TimeoutTimestamp is the last time of a block that may; zero for no limit.
	TimeoutTimestamp time.Time
	// Unordered signs without a sequence. It needs a TimeoutTimestamp.
	Unordered bool

	// used is the sequence after the last transaction that a node showed in a block.
	used uint64
}

// Address is the account of the signer, in bech32.
func (c *Client) Address() (string, error) {
	return AddressCodec().BytesToString(c.Signer.PubKey().Address())
}

// Send signs and broadcasts a transaction with messages and waits for the block
// that holds it. If the price of gas has risen meanwhile, it signs again at the new one.
// The package's documentation says what its errors mean.
func (c *Client) Send(ctx context.Context, msgs ...sdk.Msg) (*sdk.TxResponse, error) {
	for attempt := 1; ; attempt++ {
		bz, sequence, err := c.sign(ctx, msgs...)
		if err != nil {
			return nil, err
		}
		res, err := c.Broadcast(ctx, bz)
		if err == nil {
			c.used = sequence + 1
		}
		if attempt < maxAttempts && c.GasPrices.IsZero() && c.Fees.IsZero() && errors.Is(err, feemarkettypes.ErrFeeTooLow) {
			continue
		}
		return res, err
	}
}

// Broadcast sends a signed transaction and waits for the block that holds it. To
// broadcast the same bytes again does nothing more.
func (c *Client) Broadcast(ctx context.Context, signed []byte) (*sdk.TxResponse, error) {
	if err := c.Post(ctx, signed); err != nil {
		return nil, err
	}
	return c.included(ctx, Hash(signed))
}

// Post sends a signed transaction and does not wait for a block: that a node has taken it
// says only that it passed the node's checks.
func (c *Client) Post(ctx context.Context, signed []byte) error {
	if c.Sending != nil {
		fee, gas, err := FeeIn(signed)
		if err != nil {
			return err
		}
		c.Sending(Hash(signed), fee, gas)
	}
	var not error
	var lost []error
	taken := false
	for _, node := range c.nodes() {
		switch err := broadcast(ctx, node, signed); {
		case err == nil:
			taken = true
		case errors.As(err, new(*RefusedError)):
			not = cmp.Or(not, err)
		default:
			lost = append(lost, err)
		}
	}
	switch {
	case taken:
		return nil
	case len(lost) > 0:
		return fmt.Errorf("transaction %s: %w: %w", Hash(signed), ErrPending, errors.Join(lost...))
	}
	return not
}

// Hash is the hash of a signed transaction, by which nodes know it.
func Hash(signed []byte) string { return fmt.Sprintf("%X", sha256.Sum256(signed)) }

// broadcast sends a signed transaction to one node. The error is a *RefusedError if the node says that it does not take it.
func broadcast(ctx context.Context, node grpc.ClientConnInterface, signed []byte) error {
	res, err := txtypes.NewServiceClient(node).BroadcastTx(ctx, &txtypes.BroadcastTxRequest{
		TxBytes: signed, Mode: txtypes.BroadcastMode_BROADCAST_MODE_SYNC,
	})
	if err != nil {
		return err
	}
	if res.TxResponse == nil {
		return errors.New("broadcast: expected an answer of the node, got none")
	}
	if r := res.TxResponse; r.Code != 0 && !inMempool(r) {
		return refused(Checked, r)
	}
	return nil
}

// inMempool reports whether a node refuses a transaction because it has it already.
func inMempool(r *sdk.TxResponse) bool {
	return r.Codespace == sdkerrors.ErrTxInMempoolCache.Codespace() && r.Code == sdkerrors.ErrTxInMempoolCache.ABCICode()
}
