;;; eglot.el --- Emacs as the client of `marginalia lsp'  -*- lexical-binding: t -*-

;; With the settings of docs/editors.md: calls what its users call, and prints a line for each check.
;;
;;     MARGINALIA=.build/release/marginalia emacs --batch -Q -l Tests/Editors/eglot.el
;;
;; The exit code is 0 if all is as expected.  It ends after 60 seconds at the latest.

;;; Code:

;; Debian's packages are not found with -Q.
(unless (locate-library "eglot")
  (setq load-path (append (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa/*") load-path)))
(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'xref)

(defvar repository (expand-file-name "../.." (file-name-directory load-file-name)))
(defvar program (expand-file-name (or (getenv "MARGINALIA") ".build/release/marginalia") repository))
(defvar folder (file-name-as-directory (make-temp-file "marginalia-" t)))
(defvar failures 0)
(defvar end (+ (float-time) 60))

(defun say (format &rest arguments)
  (princ (concat (apply #'format format arguments) "\n")))

(defmacro wait (condition)
  "Let Emacs work until CONDITION holds, for 20 seconds at the most; return its value."
  `(let ((limit (min end (+ (float-time) 20))) value)
     (while (and (not (setq value ,condition)) (< (float-time) limit))
       (accept-process-output nil 0.02)
       (sit-for 0.01 t))
     value))

(defmacro check (name &rest body)
  "Run BODY, which returns nil if all is well, else what was seen; print this after NAME."
  (declare (indent 1))
  `(let ((seen (condition-case problem
                   (with-timeout ((max 0 (- end (float-time))) "not finished after 60 seconds") ,@body)
                 (error (error-message-string problem)))))
     (when seen (cl-incf failures))
     (say "%s: %s" ,name (if seen (format "FAILED %s" seen) "ok"))))

;;; The buffer

(defun go (words)
  "Put point after the first WORDS."
  (goto-char (point-min))
  (search-forward words))

(defun change (old new)
  "Replace the first OLD by NEW."
  (go old)
  (replace-match new t t))

(defun line () (string-trim (buffer-substring (line-beginning-position) (line-end-position))))

(defun restore (original)
  (unless (equal (buffer-string) original)
    (erase-buffer)
    (insert original)))

(defun messages ()
  "The text and the beginning of each diagnostic."
  ;; In a batch no command ends, and no time is idle.
  (eglot--signal-textDocument/didChange)
  (mapcar (lambda (found) (cons (flymake-diagnostic-text found) (flymake-diagnostic-beg found)))
          (flymake-diagnostics)))

(defun unknown (name)
  "The diagnostic that there is no element NAME."
  (cl-find-if (lambda (found) (string-match-p (concat "no element <" name ">") (car found))) (messages)))

(defun offered ()
  "What is offered at point, in order."
  (let* ((found (eglot-completion-at-point))
         (table (nth 2 found))
         (all (all-completions (buffer-substring (nth 0 found) (point)) table))
         (order (alist-get 'display-sort-function (cdr (funcall table "" nil 'metadata)))))
    (funcall order (copy-sequence all))))

(defun new-line (words)
  "Write WORDS in a new line before the second page."
  (go "<pb n=\"2\"")
  (beginning-of-line)
  (open-line 1)
  (insert words))

(defun act (title start end)
  "Take the action TITLE from what is offered between START and END; return what was."
  (let* ((titles (mapcar (lambda (action) (plist-get action :title)) (eglot-code-actions start end)))
         (completing-read-function (lambda (&rest _) title))
         (last-nonmenu-event ?\r))
    (when (member title titles) (eglot-code-actions start end nil t))
    titles))

;;; Checks

(defun checks ()
  (copy-file (expand-file-name "docs/encoding/memo.xml" repository) folder)
  (with-temp-buffer
    (insert-file-contents (expand-file-name "docs/editors.md" repository))
    (search-forward "```elisp\n")
    (eval-region (point) (progn (search-forward "\n```") (match-beginning 0))))
  (make-directory (concat folder "bin"))
  (make-symbolic-link program (concat folder "bin/marginalia"))
  (push (concat folder "bin") exec-path)
  (find-file (concat folder "memo.xml"))
  (setq case-fold-search nil)
  (let ((original (buffer-string)) process)

    (check "start"
      ;; In a batch no command ends, at which Emacs would start it.
      (run-hooks 'post-command-hook)
      (if (not (wait (eglot-managed-p))) "the server does not answer"
        (flymake-start)
        (setq process (jsonrpc--process (eglot-current-server)))
        nil))
    (unless process (error "The other checks need it"))

    (check "completion of elements"
      (new-line "<")
      (let ((names (offered)))
        (insert "sal")
        (completion-at-point)
        (let ((seen (line)))
          (restore original)
          (unless (and (equal (car names) "p") (member "table" names)
                       (equal seen "<salute></salute>"))
            (format "offered %s, inserted %s" names seen)))))

    (check "completion of hands"
      (new-line "<p><add hand=\"#")
      (let ((names (offered)))
        (insert "mars")
        (completion-at-point)
        (let ((seen (line)))
          (restore original)
          (unless (and (equal names '("typist" "print" "marsh" "president" "clerk" "seen" "review"))
                       (equal seen "<p><add hand=\"#marsh"))
            (format "offered %s, inserted %s" names seen)))))

    (check "diagnostics"
      (change "<p>The ferries" "<p>𝄞é <persname/> The ferries")
      (let ((found (wait (unknown "persname"))))
        (go "<persname")
        (cond ((not found) (format "only %s" (messages)))
              ((/= (cdr found) (match-beginning 0)) (format "at %d, not %d" (cdr found) (match-beginning 0)))
              (t (change "𝄞é <persname/> " "")
                 (unless (wait (not (unknown "persname"))) (format "it stays: %s" (messages)))))))

    (check "hover"
      (go "ref=\"#ada-mar")
      (let (seen)
        (eglot-hover-eldoc-function (lambda (text &rest _) (setq seen text)))
        (wait seen)
        (unless (string-match-p "Director of Ferries" (or seen "")) (or seen "nothing"))))

    (check "definition"
      (go "ref=\"#ada-mar")
      (call-interactively #'xref-find-definitions)
      (let ((here (point)))
        (go "xml:id=\"ada-marsh")
        (unless (= here (- (point) (length "ada-marsh"))) (format "point is at %d, not %d" here (point)))))

    (check "rename"
      (go "xml:id=\"pier")
      (backward-char)
      (eglot-rename "pier-clause")
      (let ((count (how-many "\"#?pier-clause\"" (point-min) (point-max)))
            (left (how-many "\"#?pier\"" (point-min) (point-max))))
        (restore original)
        (unless (and (= count 3) (= left 0)) (format "%d new, %d old" count left))))

    (check "quick fix"
      (change "<persName ref=\"#reyes\">THE PRESIDENT</persName>" "<persname ref=\"#reyes\">THE PRESIDENT</persname>")
      (if (not (wait (unknown "persname"))) (format "only %s" (messages))
        (go "<persname")
        (let ((titles (act "Change <persname> to <persName>" (1- (point)) (point))))
          (unless (and (wait (not (unknown "persname"))) (equal (buffer-string) original))
            (restore original)
            (format "offered %s" titles)))))

    (check "wrap"
      (go "Boats")
      (let ((titles (act "Wrap in <del> by Ada Marsh at stage #signed" (match-beginning 0) (point)))
            (seen (buffer-string)))
        (restore original)
        (unless (string-match-p "<p><del hand=\"#marsh\" change=\"#signed\">Boats</del> will" seen)
          (format "offered %s" titles))))

    (check "formatting"
      (change "    <fileDesc>" "<fileDesc>")
      (change "      </titleStmt>" "          </titleStmt>")
      (call-interactively #'eglot-format-buffer)
      (unless (equal (buffer-string) original) (substring (buffer-string) 0 900)))

    (check "shutdown"
      (eglot-shutdown (eglot-current-server) nil 20)
      (wait (not (process-live-p process)))
      (when (process-live-p process) "the server goes on"))))

(let ((inhibit-message t)
      (eglot-sync-connect t) (eglot-connect-timeout 50) (eglot-autoshutdown nil)
      (eglot-confirm-server-initiated-edits nil)
      (make-backup-files nil) (create-lockfiles nil))
  (unwind-protect
      (condition-case problem (checks)
        (error (cl-incf failures) (say "FAILED: %s" (error-message-string problem))))
    (set-buffer-modified-p nil)
    (delete-directory folder t)
    (kill-emacs (if (= failures 0) 0 1))))
;;; eglot.el ends here
