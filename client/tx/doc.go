// Package tx signs transactions, sends them to a node and waits for the block
// that holds them.
//
// A [Client] sends for one account. It needs a connection, a signer and the name
// of the chain; everything else has a default:
//
//	conn, err := tx.Dial("localhost:9090", grpc.WithTransportCredentials(insecure.NewCredentials()))
//	signer, err := tx.FromKeyring(keys, "ada")
//	client := tx.Client{Conn: conn, Signer: signer, ChainID: "alita-1"}
//	res, err := client.Send(ctx, msg)
//	err = tx.DecodeResponse(res, &types.MsgSwapExactInResponse{})
//
// [Client.Address] is the account, as messages name their sender.
//
// [Describe] says in words what a transaction has done.
//
// Gas is simulated and the node's own gas price is paid, unless the client says
// otherwise. Nothing is printed and nobody is asked: who calls Send has decided.
//
// # Nodes
//
// With a [State] the account's number and sequence are proved, and with [Client.Others]
// a transaction is sent to several nodes, which are asked for gas, its price and the
// result as well. No transaction costs more than [Client.MaxFee].
//
// # Errors
//
// An error of Send that is [ErrPending] leaves open what has happened: the
// transaction may still come into a block, so the caller asks the chain before it
// sends another one. A [RefusedError] is a refusal, and its Stage says by whom:
// after [Simulated] nothing was signed and nothing can happen; after [Checked] a
// node has the signed transaction and says that it refuses it, which only that
// node vouches for; after [Executed] the chain has taken the fee and done nothing
// else. Every other error came before anything was broadcast.
package tx
