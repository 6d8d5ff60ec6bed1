// Package metadata holds the commands of the registry that do more than send one message: they read a document and a
// local file, print the findings, and seal the file's location before anything leaves the machine. Package
// client/publisher does the work.
package metadata
