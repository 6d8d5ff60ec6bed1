// Package signing_test publishes what is signed for each message, in testdata/vectors.json, and has Node sign every message
// as a web page does; the application's own ante handler verifies.
package signing_test
