//! Precision, recall and F1 against labelled data.
