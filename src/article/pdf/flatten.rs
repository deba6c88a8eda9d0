//! One page's text operators, with the forms it draws put in place: what a decoder of text needs, and nothing that can trip it.

use std::collections::BTreeMap;

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

/// Bytes of operators that one page may have; pages of text have a hundredth of it, large drawings have more.
const CONTENT: usize = 8 << 20;
/// How deep forms may draw forms.
const DEPTH: usize = 12;

/// A page whose content is text only.
pub(super) struct Flat {
    /// The operators.
    pub content: Vec<u8>,
    /// The fonts that they name.
    pub fonts: Dictionary,
    /// Whether text was passed over that the file marks as a header or footer.
    pub has_marked_furniture: bool,
}

/// Why a page cannot be flattened.
#[derive(Debug)]
pub(super) enum Refused {
    /// More drawing than any page of text has.
    TooLarge,
    /// The operators cannot be read.
    Malformed,
}

/// Flattens one page; `budget` is how many operators the whole document may still have.
pub(super) fn page(document: &Document, id: ObjectId, budget: &mut usize) -> Result<Flat, Refused> {
    let dictionary = document.get_dictionary(id).map_err(|_| Refused::Malformed)?;
    let empty = Dictionary::new();
    let resources = inherited(document, dictionary, b"Resources").and_then(|o| o.as_dict().ok()).unwrap_or(&empty);
    let mut content = Vec::new();
    for part in document.get_page_contents(id) {
        let Ok(stream) = document.get_object(part).and_then(Object::as_stream) else { continue };
        content.extend_from_slice(&unpacked(stream));
        content.push(b'\n');
        if content.len() > CONTENT {
            return Err(Refused::TooLarge);
        }
    }
    let mut flattener = Flattener {
        document,
        budget,
        out: Vec::new(),
        names: BTreeMap::new(),
        fonts: Dictionary::new(),
        marked: false,
    };
    flattener.draw(&content, resources, &mut Vec::new())?;
    let content = Content { operations: flattener.out }.encode().map_err(|_| Refused::Malformed)?;
    Ok(Flat { content, fonts: flattener.fonts, has_marked_furniture: flattener.marked })
}

/// Finds an entry of a page or of the nodes above it; the tree may be a ring.
pub(super) fn inherited<'d>(document: &'d Document, page: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut node = page;
    for _ in 0..64 {
        if let Ok(found) = node.get(key) {
            return resolved(document, found);
        }
        node = node.get(b"Parent").ok().and_then(|p| resolved(document, p))?.as_dict().ok()?;
    }
    None
}

fn resolved<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}

fn unpacked(stream: &Stream) -> Vec<u8> {
    if stream.filters().is_ok() {
        stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
    } else {
        stream.content.clone()
    }
}

struct Flattener<'d, 'b> {
    document: &'d Document,
    budget: &'b mut usize,
    out: Vec<Operation>,
    /// Fonts by what they are in the file, and the names they have in the flat page.
    names: BTreeMap<(ObjectId, Vec<u8>), Vec<u8>>,
    fonts: Dictionary,
    marked: bool,
}

impl<'d> Flattener<'d, '_> {
    /// Adds the text operators of a page or form; `path` holds the forms that are being drawn.
    fn draw(&mut self, content: &[u8], resources: &'d Dictionary, path: &mut Vec<ObjectId>) -> Result<(), Refused> {
        let content = Content::decode(content).map_err(|_| Refused::Malformed)?;
        // Text shown before any font was chosen cannot be decoded.
        let mut has_font = false;
        let mut fonts_above = Vec::new();
        // Marked passages that are open; true for headers and footers.
        let mut marks: Vec<bool> = Vec::new();
        for operation in content.operations {
            *self.budget = self.budget.checked_sub(1).ok_or(Refused::TooLarge)?;
            let Operation { operator, operands } = operation;
            let shows = has_font && !marks.contains(&true);
            match operator.as_str() {
                "q" => {
                    fonts_above.push(has_font);
                    self.push("q", Vec::new());
                }
                "Q" => {
                    if let Some(had) = fonts_above.pop() {
                        has_font = had;
                        self.push("Q", Vec::new());
                    }
                }
                "BT" | "ET" | "T*" => self.push(&operator, Vec::new()),
                "cm" | "Tm" => self.numbers(&operator, operands, 6),
                "Td" | "TD" => self.numbers(&operator, operands, 2),
                "Tc" | "Tw" | "Tz" | "TL" | "Ts" => self.numbers(&operator, operands, 1),
                "Tf" => has_font = self.font(operands, resources),
                "Tj" if shows => self.show(operands.into_iter().next()),
                "TJ" if shows => {
                    if let Some(Object::Array(parts)) = operands.into_iter().next() {
                        let parts =
                            parts.into_iter().filter(|p| matches!(p, Object::String(..)) || number(p).is_some());
                        self.push("TJ", vec![Object::Array(parts.collect())]);
                    }
                }
                "'" => {
                    self.push("T*", Vec::new());
                    if shows {
                        self.show(operands.into_iter().next());
                    }
                }
                "\"" => {
                    let mut operands = operands.into_iter();
                    for spacing in ["Tw", "Tc"] {
                        self.numbers(spacing, operands.next().into_iter().collect(), 1);
                    }
                    self.push("T*", Vec::new());
                    if shows {
                        self.show(operands.next());
                    }
                }
                "BMC" => marks.push(false),
                "BDC" => {
                    let furniture = self.is_furniture(&operands, resources);
                    self.marked |= furniture;
                    marks.push(furniture);
                }
                "EMC" => drop(marks.pop()),
                "Do" if !marks.contains(&true) => self.form(operands, resources, path)?,
                _ => {}
            }
        }
        // What a form leaves open must not reach the page.
        for _ in fonts_above {
            self.push("Q", Vec::new());
        }
        Ok(())
    }

    fn push(&mut self, operator: &str, operands: Vec<Object>) {
        self.out.push(Operation::new(operator, operands));
    }

    fn numbers(&mut self, operator: &str, operands: Vec<Object>, count: usize) {
        if operands.len() == count && operands.iter().all(|o| number(o).is_some()) {
            self.push(operator, operands);
        }
    }

    fn show(&mut self, operand: Option<Object>) {
        if let Some(text @ Object::String(..)) = operand {
            self.push("Tj", vec![text]);
        }
    }

    /// Chooses a font; false where the file does not have it.
    fn font(&mut self, operands: Vec<Object>, resources: &'d Dictionary) -> bool {
        let [Object::Name(name), size] = operands.as_slice() else { return false };
        if number(size).is_none() {
            return false;
        }
        let fonts = resources.get(b"Font").ok().and_then(|f| resolved(self.document, f)).and_then(|f| f.as_dict().ok());
        let Some(font) = fonts.and_then(|f| f.get(name).ok()) else { return false };
        if resolved(self.document, font).is_none_or(|f| f.as_dict().is_err()) {
            return false;
        }
        // A font written into the resources has no number of its own: its place tells it apart.
        let key = match font {
            Object::Reference(id) => (*id, Vec::new()),
            _ => ((0, 0), format!("{resources:p} {}", String::from_utf8_lossy(name)).into_bytes()),
        };
        let next = format!("F{}", self.names.len()).into_bytes();
        let flat = self.names.entry(key).or_insert(next).clone();
        if !self.fonts.has(&flat) {
            self.fonts.set(flat.clone(), font.clone());
        }
        self.push("Tf", vec![Object::Name(flat), size.clone()]);
        true
    }

    /// Tells whether a marked passage is a header or footer.
    fn is_furniture(&self, operands: &[Object], resources: &'d Dictionary) -> bool {
        let [Object::Name(tag), properties] = operands else { return false };
        if tag != b"Artifact" {
            return false;
        }
        let named = |name: &[u8]| {
            let list = resources.get(b"Properties").ok().and_then(|p| resolved(self.document, p))?.as_dict().ok()?;
            resolved(self.document, list.get(name).ok()?)?.as_dict().ok()
        };
        let properties = match properties {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Name(name) => named(name),
            _ => None,
        };
        let is = |key: &[u8], values: &[&[u8]]| {
            let value = properties.and_then(|p| p.get(key).ok()).and_then(|v| v.as_name().ok());
            value.is_some_and(|v| values.contains(&v))
        };
        is(b"Type", &[b"Pagination"]) || is(b"Subtype", &[b"Header", b"Footer", b"PageNum", b"Watermark"])
    }

    /// Draws a form in place; pictures are passed over.
    fn form(
        &mut self,
        operands: Vec<Object>,
        resources: &'d Dictionary,
        path: &mut Vec<ObjectId>,
    ) -> Result<(), Refused> {
        let document = self.document;
        let found = || {
            let [Object::Name(name)] = operands.as_slice() else { return None };
            let objects = resolved(document, resources.get(b"XObject").ok()?)?.as_dict().ok()?;
            let (id, object) = document.dereference(objects.get(name).ok()?).ok()?;
            let stream = object.as_stream().ok()?;
            let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Form");
            is_form.then_some((id?, stream))
        };
        let Some((id, stream)) = found() else { return Ok(()) };
        // A form that draws itself draws nothing more.
        if path.contains(&id) || path.len() >= DEPTH {
            return Ok(());
        }
        let own = stream.dict.get(b"Resources").ok().and_then(|r| resolved(document, r)).and_then(|r| r.as_dict().ok());
        let content = unpacked(stream);
        if content.len() > CONTENT {
            return Err(Refused::TooLarge);
        }
        // Unpacking a form is work as well, also of one that draws nothing.
        *self.budget = self.budget.checked_sub(content.len() / 16).ok_or(Refused::TooLarge)?;
        self.push("q", Vec::new());
        if let Some(Object::Array(matrix)) = stream.dict.get(b"Matrix").ok().and_then(|m| resolved(document, m)) {
            self.numbers("cm", matrix.clone(), 6);
        }
        path.push(id);
        let drawn = self.draw(&content, own.unwrap_or(resources), path);
        path.pop();
        self.push("Q", Vec::new());
        drawn
    }
}

/// Returns a finite number.
pub(super) fn number(object: &Object) -> Option<f64> {
    let value = match object {
        Object::Integer(n) => *n as f64,
        Object::Real(n) => f64::from(*n),
        _ => return None,
    };
    value.is_finite().then_some(value)
}
